import pulumi

if not pulumi.Config().get_bool("confirmed"):
    raise pulumi.RunError("Set `confirmed` to true: this stack costs money.")
