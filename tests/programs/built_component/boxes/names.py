NAME = "of the package"
