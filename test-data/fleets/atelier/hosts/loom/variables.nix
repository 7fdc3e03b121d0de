rec {
  cores = 24;
  disk = "/mnt/canvas";
  scratch = "${disk}/scratch";
}
