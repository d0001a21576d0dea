class P{static int Main(){return 0;}}
