{
  domain = "atelier.example";
  timeZone = "Europe/Vienna";
  locale = "de_AT.UTF-8";
  stateVersion = "25.11";

  people = {
    mara = {
      fullName = "Mara Ebner";
      mail = "mara@atelier.example";
    };
    jonas = {
      fullName = "Jonas Wieser";
      mail = "jonas@atelier.example";
    };
  };
}
