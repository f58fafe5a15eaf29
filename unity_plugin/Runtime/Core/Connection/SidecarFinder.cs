using System;
using System.Collections.Generic;
using System.IO;

namespace Sentio
{
    /// <summary>Finds the sidecar's program: in the game's own folder, on the PATH, then in a Python.</summary>
    internal sealed class SidecarFinder
    {
        /// <summary>Name of the folder beside the game that <c>make bundle</c> makes.</summary>
        public const string Folder = "sentio";

        /// <summary>What to do if there is no program.</summary>
        public const string Fix =
            "put the 'sentio' folder of 'make bundle' beside the game, or: pip install sentio-affect";

        private static readonly string[] Nothing = new string[0];
        private static readonly string[] Module = { "-m", "sentio_bridge" };

        private readonly IList<string> _folders;
        private readonly bool _windows;

        /// <summary>Searches <paramref name="folders"/> first.</summary>
        public SidecarFinder(IList<string> folders)
        {
            _folders = folders;
            _windows = Path.DirectorySeparatorChar == '\\';
            Program = Problem = "";
            Before = Nothing;
        }

        /// <summary>The program to start; empty if none was found.</summary>
        public string Program { get; private set; }

        /// <summary>Arguments before the sidecar's own.</summary>
        public IList<string> Before { get; private set; }

        /// <summary>Whether the program is in one of the folders.</summary>
        public bool IsBundled { get; private set; }

        /// <summary>Why nothing was found; empty if a program was.</summary>
        public string Problem { get; private set; }

        /// <summary>Searches a name on the PATH or a path; empty for all places. Returns whether a program was
        /// found.</summary>
        public bool Find(string command)
        {
            Program = Problem = "";
            Before = Nothing;
            IsBundled = false;
            if (command.Length > 0)
            {
                bool isPath = command.IndexOf('/') >= 0 || command.IndexOf('\\') >= 0;
                Program = isPath ? At(command) : OnPath(command);
                if (Program.Length == 0) Problem = "there is no program '" + command + "': " + Fix;
                return Program.Length > 0;
            }
            foreach (string folder in _folders)
            {
                Program = At(Path.Combine(folder, "sentio"));
                IsBundled = Program.Length > 0;
                if (IsBundled) return true;
            }
            Program = OnPath("sentio");
            if (Program.Length == 0) FindPython();
            if (Program.Length == 0) Problem = "there is no sidecar on this computer: " + Fix;
            return Program.Length > 0;
        }

        private void FindPython()
        {
            foreach (string python in _windows ? new[] { "py" } : new[] { "python3", "python" })
            {
                Program = OnPath(python);
                if (Program.Length == 0) continue;
                Before = Module;
                return;
            }
        }

        private string OnPath(string command)
        {
            string all = Environment.GetEnvironmentVariable("PATH") ?? "";
            foreach (string folder in all.Split(Path.PathSeparator))
            {
                if (folder.Length == 0 || folder.IndexOfAny(Path.GetInvalidPathChars()) >= 0) continue;
                string found = At(Path.Combine(folder, command));
                if (found.Length > 0) return found;
            }
            return "";
        }

        // The file at a path, on Windows also without its suffix; empty if there is none.
        private string At(string path)
        {
            if (File.Exists(path)) return path;
            return _windows && File.Exists(path + ".exe") ? path + ".exe" : "";
        }
    }
}
