using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sentio")]
[assembly: InternalsVisibleTo("Sentio.Editor")]
[assembly: InternalsVisibleTo("Sentio.Tests.Editor")]
[assembly: InternalsVisibleTo("Sentio.Tests.Runtime")]
