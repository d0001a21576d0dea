using System.Runtime.CompilerServices;

// The tests read and write frames, and see each rule alone. They are signed with the same key.
[assembly: InternalsVisibleTo(
    "BluetapTests, PublicKey=" +
    "002400000480000094000000060200000024000052534131000400000100010023b5cb11b9d4477c9cfbeeab76bcc484b481" +
    "c9aa8b766e1fd3480717ba92aa364698fdb8a7cd6ffd50c9762cbf4ad462b182d5abda803c27c0061a3e0f5a64d3f7642c11" +
    "b73360db0b1ba632816b2bc8bb086094a11f0ada98f619bbe5c5a12f66248489e155d1ae7a6fc68aba059aac66f2d9d5368a" +
    "1307d31b8383ef984e83")]
