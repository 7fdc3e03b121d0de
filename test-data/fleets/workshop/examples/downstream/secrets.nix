let
  people = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILmFeuRusLySc3HAyCxI+CZ3kaUzdjtV7Ap74zER0eJU ida@workshop"
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMXPNe26NqDI8Tq9RgStir6MPTt3ZNzIc3ej4dZqQjyz ole@workshop"
  ];
  bandsaw = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGoubTf0ATtTeLrgyqHXOO7xd7Ag+hilvUIDIe4TDIPn root@bandsaw";
  chisel = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKIRDV+wvGgsy2x6CG+r4kg7eqfLSO6J/usGE8YBhJbt root@chisel";
in
{
  "secrets/plotter-key.age".publicKeys = people ++ [ bandsaw ];
  "secrets/vpn.age".publicKeys = people ++ [ chisel ];
}
