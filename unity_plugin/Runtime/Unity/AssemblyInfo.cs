using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sentio.Editor")]
[assembly: InternalsVisibleTo("Sentio.Tests.Runtime")]
