// Compiled into the package's assemblies by build.py, so that the programs of these tests see internal members.
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Bench")]
[assembly: InternalsVisibleTo("DemoTests")]
[assembly: InternalsVisibleTo("EditorTests")]
[assembly: InternalsVisibleTo("Game")]
[assembly: InternalsVisibleTo("Host")]
[assembly: InternalsVisibleTo("InputTests")]
[assembly: InternalsVisibleTo("OldInputTests")]
[assembly: InternalsVisibleTo("RuntimeTests")]
[assembly: InternalsVisibleTo("Tests")]
