# Tells people that their prints are ready.
{ sharedVariables, ... }:
{
  programs.msmtp = {
    enable = true;
    accounts.default = {
      auth = true;
      host = "mail.${sharedVariables.domain}";
      from = "press@${sharedVariables.domain}";
      user = "press";
      password = "not-a-real-password";
    };
  };
}
