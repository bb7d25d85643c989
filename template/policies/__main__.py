"""What no stack of this repository may become."""

from dolmen.policies import pack

pack()
