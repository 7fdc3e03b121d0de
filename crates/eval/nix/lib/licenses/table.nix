# The well-known licences, by what one may do with the software, each with its
# SPDX identifier and its title.
let
  spdx = spdxId: fullName: {
    inherit spdxId fullName;
    url = "https://spdx.org/licenses/${spdxId}.html";
  };

  plain = fullName: { inherit fullName; };
in
{
  # Free software.
  free = {
    afl20 = spdx "AFL-2.0" "Academic Free License v2.0";
    afl21 = spdx "AFL-2.1" "Academic Free License v2.1";
    afl3 = spdx "AFL-3.0" "Academic Free License v3.0";
    agpl3Only = spdx "AGPL-3.0-only" "GNU Affero General Public License v3.0 only";
    agpl3Plus = spdx "AGPL-3.0-or-later" "GNU Affero General Public License v3.0 or later";
    apple-psl20 = spdx "APSL-2.0" "Apple Public Source License 2.0";
    artistic1 = spdx "Artistic-1.0" "Artistic License 1.0";
    artistic2 = spdx "Artistic-2.0" "Artistic License 2.0";
    asl11 = spdx "Apache-1.1" "Apache License 1.1";
    asl20 = spdx "Apache-2.0" "Apache License 2.0";
    beerware = spdx "Beerware" "Beerware License";
    blueOak100 = spdx "BlueOak-1.0.0" "Blue Oak Model License 1.0.0";
    boost = spdx "BSL-1.0" "Boost Software License 1.0";
    bsd0 = spdx "0BSD" "BSD Zero Clause License";
    bsd1 = spdx "BSD-1-Clause" "BSD 1-Clause License";
    bsd2 = spdx "BSD-2-Clause" "BSD 2-Clause \"Simplified\" License";
    bsd2Patent = spdx "BSD-2-Clause-Patent" "BSD-2-Clause Plus Patent License";
    bsd3 = spdx "BSD-3-Clause" "BSD 3-Clause \"New\" or \"Revised\" License";
    bsd3Clear = spdx "BSD-3-Clause-Clear" "BSD 3-Clause Clear License";
    bsdOriginal = spdx "BSD-4-Clause" "BSD 4-Clause \"Original\" or \"Old\" License";
    bsdOriginalUC = spdx "BSD-4-Clause-UC" "BSD-4-Clause (University of California-Specific)";
    bzip2 = spdx "bzip2-1.0.6" "bzip2 and libbzip2 License v1.0.6";
    cal10 = spdx "CAL-1.0" "Cryptographic Autonomy License 1.0";
    cc-by-20 = spdx "CC-BY-2.0" "Creative Commons Attribution 2.0 Generic";
    cc-by-30 = spdx "CC-BY-3.0" "Creative Commons Attribution 3.0 Unported";
    cc-by-40 = spdx "CC-BY-4.0" "Creative Commons Attribution 4.0 International";
    cc-by-sa-20 = spdx "CC-BY-SA-2.0" "Creative Commons Attribution Share Alike 2.0 Generic";
    cc-by-sa-25 = spdx "CC-BY-SA-2.5" "Creative Commons Attribution Share Alike 2.5 Generic";
    cc-by-sa-30 = spdx "CC-BY-SA-3.0" "Creative Commons Attribution Share Alike 3.0 Unported";
    cc-by-sa-40 = spdx "CC-BY-SA-4.0" "Creative Commons Attribution Share Alike 4.0 International";
    cc0 = spdx "CC0-1.0" "Creative Commons Zero v1.0 Universal";
    cddl = spdx "CDDL-1.0" "Common Development and Distribution License 1.0";
    cecill-b = spdx "CECILL-B" "CeCILL-B Free Software License Agreement";
    cecill-c = spdx "CECILL-C" "CeCILL-C Free Software License Agreement";
    cecill20 = spdx "CECILL-2.0" "CeCILL Free Software License Agreement v2.0";
    cecill21 = spdx "CECILL-2.1" "CeCILL Free Software License Agreement v2.1";
    clArtistic = spdx "ClArtistic" "Clarified Artistic License";
    classpathException20 = spdx "Classpath-exception-2.0" "Classpath exception 2.0";
    cpl10 = spdx "CPL-1.0" "Common Public License 1.0";
    curl = spdx "curl" "curl License";
    ecl20 = spdx "ECL-2.0" "Educational Community License v2.0";
    efl20 = spdx "EFL-2.0" "Eiffel Forum License v2.0";
    epl10 = spdx "EPL-1.0" "Eclipse Public License 1.0";
    epl20 = spdx "EPL-2.0" "Eclipse Public License 2.0";
    eupl11 = spdx "EUPL-1.1" "European Union Public License 1.1";
    eupl12 = spdx "EUPL-1.2" "European Union Public License 1.2";
    fdl11Plus = spdx "GFDL-1.1-or-later" "GNU Free Documentation License v1.1 or later";
    fdl12Only = spdx "GFDL-1.2-only" "GNU Free Documentation License v1.2 only";
    fdl12Plus = spdx "GFDL-1.2-or-later" "GNU Free Documentation License v1.2 or later";
    fdl13Only = spdx "GFDL-1.3-only" "GNU Free Documentation License v1.3 only";
    fdl13Plus = spdx "GFDL-1.3-or-later" "GNU Free Documentation License v1.3 or later";
    fontException = spdx "Font-exception-2.0" "Font exception 2.0";
    fraunhofer-fdk = spdx "FDK-AAC" "Fraunhofer FDK AAC Codec Library";
    ftl = spdx "FTL" "Freetype Project License";
    giftware = spdx "Giftware" "Giftware License";
    gpl1Only = spdx "GPL-1.0-only" "GNU General Public License v1.0 only";
    gpl1Plus = spdx "GPL-1.0-or-later" "GNU General Public License v1.0 or later";
    gpl2Only = spdx "GPL-2.0-only" "GNU General Public License v2.0 only";
    gpl2Plus = spdx "GPL-2.0-or-later" "GNU General Public License v2.0 or later";
    gpl3Only = spdx "GPL-3.0-only" "GNU General Public License v3.0 only";
    gpl3Plus = spdx "GPL-3.0-or-later" "GNU General Public License v3.0 or later";
    hpnd = spdx "HPND" "Historical Permission Notice and Disclaimer";
    hpndSellVariant = spdx "HPND-sell-variant" "Historical Permission Notice and Disclaimer - sell variant";
    icu = spdx "ICU" "ICU License";
    ijg = spdx "IJG" "Independent JPEG Group License";
    imagemagick = spdx "ImageMagick" "ImageMagick License";
    info-zip = spdx "Info-ZIP" "Info-ZIP License";
    ipa = spdx "IPA" "IPA Font License";
    ipl10 = spdx "IPL-1.0" "IBM Public License v1.0";
    isc = spdx "ISC" "ISC License";
    lgpl21Only = spdx "LGPL-2.1-only" "GNU Lesser General Public License v2.1 only";
    lgpl21Plus = spdx "LGPL-2.1-or-later" "GNU Lesser General Public License v2.1 or later";
    lgpl2Only = spdx "LGPL-2.0-only" "GNU Library General Public License v2 only";
    lgpl2Plus = spdx "LGPL-2.0-or-later" "GNU Library General Public License v2 or later";
    lgpl3Only = spdx "LGPL-3.0-only" "GNU Lesser General Public License v3.0 only";
    lgpl3Plus = spdx "LGPL-3.0-or-later" "GNU Lesser General Public License v3.0 or later";
    libpng = spdx "Libpng" "libpng License";
    libpng2 = spdx "libpng-2.0" "PNG Reference Library version 2";
    libtiff = spdx "libtiff" "libtiff License";
    llvm-exception = spdx "LLVM-exception" "LLVM Exception";
    lppl13c = spdx "LPPL-1.3c" "LaTeX Project Public License v1.3c";
    mit = spdx "MIT" "MIT License";
    mit-cmu = spdx "MIT-CMU" "CMU License";
    mit-feh = spdx "MIT-feh" "feh License";
    mit0 = spdx "MIT-0" "MIT No Attribution";
    mitAdvertising = spdx "MIT-advertising" "Enlightenment License (e16)";
    mpl10 = spdx "MPL-1.0" "Mozilla Public License 1.0";
    mpl11 = spdx "MPL-1.1" "Mozilla Public License 1.1";
    mpl20 = spdx "MPL-2.0" "Mozilla Public License 2.0";
    mspl = spdx "MS-PL" "Microsoft Public License";
    mulan-psl2 = spdx "MulanPSL-2.0" "Mulan Permissive Software License, Version 2";
    ncsa = spdx "NCSA" "University of Illinois/NCSA Open Source License";
    ngpl = spdx "NGPL" "Nethack General Public License";
    ntp = spdx "NTP" "NTP License";
    odbl = spdx "ODbL-1.0" "Open Data Commons Open Database License v1.0";
    ofl = spdx "OFL-1.1" "SIL Open Font License 1.1";
    openldap = spdx "OLDAP-2.8" "Open LDAP Public License v2.8";
    openssl = spdx "OpenSSL" "OpenSSL License";
    osl2 = spdx "OSL-2.0" "Open Software License 2.0";
    osl3 = spdx "OSL-3.0" "Open Software License 3.0";
    parity70 = spdx "Parity-7.0.0" "The Parity Public License 7.0.0";
    php301 = spdx "PHP-3.01" "PHP License v3.01";
    postgresql = spdx "PostgreSQL" "PostgreSQL License";
    psfl = spdx "Python-2.0" "Python License 2.0";
    qhull = spdx "Qhull" "Qhull License";
    qpl = spdx "QPL-1.0" "Q Public License 1.0";
    ruby = spdx "Ruby" "Ruby License";
    sendmail = spdx "Sendmail" "Sendmail License";
    sgi-b-20 = spdx "SGI-B-2.0" "SGI Free Software License B v2.0";
    sleepycat = spdx "Sleepycat" "Sleepycat License";
    tcltk = spdx "TCL" "TCL/TK License";
    ufl = spdx "Ubuntu-font-1.0" "Ubuntu Font Licence v1.0";
    unicode-30 = spdx "Unicode-3.0" "Unicode License v3";
    unicode-dfs-2016 = spdx "Unicode-DFS-2016" "Unicode License Agreement - Data Files and Software (2016)";
    unlicense = spdx "Unlicense" "The Unlicense";
    upl = spdx "UPL-1.0" "Universal Permissive License v1.0";
    vim = spdx "Vim" "Vim License";
    w3c = spdx "W3C" "W3C Software Notice and License";
    wtfpl = spdx "WTFPL" "Do What The F*ck You Want To Public License";
    wxWindowsException31 = spdx "WxWindows-exception-3.1" "WxWindows Library Exception 3.1";
    x11 = spdx "X11" "X11 License";
    zlib = spdx "Zlib" "zlib License";
    zpl20 = spdx "ZPL-2.0" "Zope Public License 2.0";
    zpl21 = spdx "ZPL-2.1" "Zope Public License 2.1";
  };

  # The same, under names that do not say whether later versions count.
  deprecated = {
    apsl20 = spdx "APSL-2.0" "Apple Public Source License 2.0";
    gpl2 = spdx "GPL-2.0" "GNU General Public License v2.0";
    gpl3 = spdx "GPL-3.0" "GNU General Public License v3.0";
    lgpl2 = spdx "LGPL-2.0" "GNU Library General Public License v2";
    lgpl21 = spdx "LGPL-2.1" "GNU Lesser General Public License v2.1";
    lgpl3 = spdx "LGPL-3.0" "GNU Lesser General Public License v3.0";
  };

  # Not free, but it may be passed on.
  redistributable = {
    bsl11 = spdx "BUSL-1.1" "Business Source License 1.1";
    fsl11Asl20 = spdx "FSL-1.1-ALv2" "Functional Source License, Version 1.1, ALv2 Future License";
    fsl11Mit = spdx "FSL-1.1-MIT" "Functional Source License, Version 1.1, MIT Future License";
    nvidiaCudaRedist = plain "NVIDIA CUDA Toolkit licence, redistributable parts";
    sspl = spdx "SSPL-1.0" "Server Side Public License, v 1";
    teamspeak = plain "Licence of the TeamSpeak client";
    unfreeRedistributable = plain "Unfree redistributable";
    watcom = spdx "Watcom-1.0" "Sybase Open Watcom Public License 1.0";
  };

  # Not free.
  unfree = {
    aladdin = spdx "Aladdin" "Aladdin Free Public License";
    amd = plain "Licence of AMD";
    cc-by-nc-30 = spdx "CC-BY-NC-3.0" "Creative Commons Attribution Non Commercial 3.0 Unported";
    cc-by-nc-40 = spdx "CC-BY-NC-4.0" "Creative Commons Attribution Non Commercial 4.0 International";
    cc-by-nc-nd-30 =
      spdx "CC-BY-NC-ND-3.0" "Creative Commons Attribution Non Commercial No Derivatives 3.0 Unported";
    cc-by-nc-nd-40 =
      spdx "CC-BY-NC-ND-4.0" "Creative Commons Attribution Non Commercial No Derivatives 4.0 International";
    cc-by-nc-sa-30 =
      spdx "CC-BY-NC-SA-3.0" "Creative Commons Attribution Non Commercial Share Alike 3.0 Unported";
    cc-by-nc-sa-40 =
      spdx "CC-BY-NC-SA-4.0" "Creative Commons Attribution Non Commercial Share Alike 4.0 International";
    cc-by-nd-30 = spdx "CC-BY-ND-3.0" "Creative Commons Attribution No Derivatives 3.0 Unported";
    cc-by-nd-40 = spdx "CC-BY-ND-4.0" "Creative Commons Attribution No Derivatives 4.0 International";
    commons-clause = plain "Commons Clause";
    databricks = plain "Licence of Databricks";
    elastic20 = spdx "Elastic-2.0" "Elastic License 2.0";
    intel-eula = plain "Licence of Intel's developer tools";
    issl = plain "Intel Simplified Software License";
    json = spdx "JSON" "JSON License";
    nasa13 = spdx "NASA-1.3" "NASA Open Source Agreement 1.3";
    nvidiaCuda = plain "NVIDIA CUDA Toolkit licence";
    obsidian = plain "Licence of Obsidian";
    postman = plain "Licence of Postman";
    prosperity30 = plain "Prosperity Public License 3.0.0";
    sustainableUse = spdx "SUL-1.0" "Sustainable Use License v1.0";
    tsl = plain "Timescale License Agreement";
    unfree = plain "Unfree";
    virtualbox-puel = plain "Personal use and evaluation licence of the VirtualBox extension pack";
  };

  # Free, without an SPDX identifier.
  other = {
    free = plain "Unspecified free software license";
    publicDomain = plain "Public Domain";
    # Firmware is no software that one would want to change.
    unfreeRedistributableFirmware = plain "Unfree redistributable firmware";
  };
}
