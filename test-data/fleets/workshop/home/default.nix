{
  flake.homeModules = {
    shell = ./shell;
    desktop = ./desktop;
    maker = ./maker;
    # sketch = ./sketch.nix;
  };
}
