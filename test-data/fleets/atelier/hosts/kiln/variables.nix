rec {
  backupAt = "12:30";
  chargeFrom = 40;
}
