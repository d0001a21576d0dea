@rem The scripts of package.json begin with exec, so that no shell stays between npm and the program: dash
@rem keeps signals and exit codes to itself. cmd keeps nothing back, but has no such command and finds this.
@%*
