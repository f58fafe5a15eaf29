using System;
using System.IO;
using System.Text;

namespace Sentio
{
    /// <summary>Finds the token of a sidecar that the same user started (PROTOCOL.md, section 1).</summary>
    internal static class TokenFile
    {
        /// <summary>Environment variable with the token of a sidecar that a launcher started.</summary>
        public const string Variable = "SENTIO_TOKEN";

        /// <summary>Environment variable with the folder of the token files, instead of the user's.</summary>
        public const string FolderVariable = "SENTIO_RUNTIME_DIR";

        private const int MaxBytes = 256;

        /// <summary>The token for a sidecar at a host and port; empty if there is none. A sidecar has a new token at
        /// every start: call this before every connection attempt.</summary>
        public static string Find(string host, int port)
        {
            if (host != "127.0.0.1" && host != "localhost" && host != "::1") return "";
            string given = Environment.GetEnvironmentVariable(Variable);
            if (!string.IsNullOrEmpty(given)) return given;
            try
            {
                using (FileStream file = File.OpenRead(Path.Combine(Folder(), port + ".token")))
                {
                    byte[] bytes = new byte[MaxBytes];
                    int count = file.Read(bytes, 0, MaxBytes);
                    return Encoding.ASCII.GetString(bytes, 0, count).Trim();
                }
            }
            catch (IOException) { return ""; }
            catch (UnauthorizedAccessException) { return ""; }
            catch (NotSupportedException) { return ""; }
            catch (System.Security.SecurityException) { return ""; }
        }

        /// <summary>The folder of the user's token files.</summary>
        public static string Folder()
        {
            string chosen = Environment.GetEnvironmentVariable(FolderVariable);
            if (!string.IsNullOrEmpty(chosen)) return chosen;
            if (Path.DirectorySeparatorChar == '\\')
                return Path.Combine(Get("LOCALAPPDATA", Path.Combine(Get("USERPROFILE", ""), "AppData", "Local")), "sentio", "run");
            string home = Get("HOME", "");
            if (Directory.Exists("/System/Library/CoreServices"))
                return Path.Combine(home, "Library", "Application Support", "sentio", "run");
            string runtime = Get("XDG_RUNTIME_DIR", "");
            if (runtime.Length > 0) return Path.Combine(runtime, "sentio");
            return Path.Combine(home, ".cache", "sentio", "run");
        }

        private static string Get(string name, string otherwise)
        {
            string value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrEmpty(value) ? otherwise : value;
        }
    }
}
