using System;
using System.IO;

namespace Sentio.Tests
{
    /// <summary>Finds the golden vectors of the repository, which is not part of the package.</summary>
    public static class Vectors
    {
        /// <summary>Absolute path of a file in tests/vectors; null if the package is installed alone.</summary>
        public static string PathOf(string name)
        {
            string given = Environment.GetEnvironmentVariable("SENTIO_VECTORS");
            if (!string.IsNullOrEmpty(given)) return Path.Combine(given, name);
            for (DirectoryInfo at = new DirectoryInfo(Directory.GetCurrentDirectory()); at != null; at = at.Parent)
            {
                string path = Path.Combine(at.FullName, "tests", "vectors", name);
                if (File.Exists(path)) return path;
            }
            return null;
        }
    }
}
