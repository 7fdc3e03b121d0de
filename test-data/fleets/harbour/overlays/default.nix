final: _prev: {
  gangway = final.callPackage ../pkgs/gangway { };
  tide-table = final.callPackage ../pkgs/tide-table { };
}
