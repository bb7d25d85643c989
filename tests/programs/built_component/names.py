NAME = "of the program"
