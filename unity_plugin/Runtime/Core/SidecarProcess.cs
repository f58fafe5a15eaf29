using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Sentio
{
    /// <summary>One sidecar as a child process that ends with the game.</summary>
    /// <remarks>The child reads from a pipe that only this process holds: however the game ends, the pipe closes, and the
    /// sidecar ends itself (<c>--exit-on-stdin-eof</c>). Nothing is ever killed.</remarks>
    public sealed class SidecarProcess : IDisposable
    {
        /// <summary>Most that is kept of what the child says: a page.</summary>
        private const int KeptOutput = 2000;

        private readonly object _gate = new object();
        private readonly StringBuilder _said = new StringBuilder();
        private Process _process;
        private int _ended;

        /// <summary>Why it could not be started; empty where it was.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>What the child said last, for a person.</summary>
        public string Output { get { lock (_gate) return _said.ToString(); } }

        /// <summary>The child's process id, -1 where there is none.</summary>
        public int Id { get; private set; } = -1;

        /// <summary>Whether the child runs.</summary>
        public bool IsRunning
        {
            get
            {
                try { return _process != null && !_process.HasExited; }
                catch (InvalidOperationException) { return false; }
            }
        }

        /// <summary>Whether an ended child's last words have come: they may take a moment longer than its end.</summary>
        public bool HasSaidAll { get { lock (_gate) return _ended >= 2; } }

        /// <summary>Starts a program; false, with <see cref="Problem"/> set, where it does not start.</summary>
        public bool Start(string command, IEnumerable<string> arguments)
        {
            Dispose();
            Problem = "";
            lock (_gate)
            {
                _said.Length = 0;
                _ended = 0;
            }
            var line = new StringBuilder();
            foreach (string one in arguments) line.Append(line.Length > 0 ? " " : "").Append(Quoted(one));
            var about = new ProcessStartInfo(command, line.ToString())
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = new Process { StartInfo = about };
            process.OutputDataReceived += Hear;
            process.ErrorDataReceived += Hear;
            try
            {
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                Id = process.Id;
                _process = process;
                return true;
            }
            catch (Exception error) when (error is Win32Exception || error is NotSupportedException
                || error is InvalidOperationException || error is System.IO.IOException)
            {
                process.Dispose();
                Problem = "cannot start '" + command + "': " + error.Message + "; install it with: pip install sentio-affect, or give the"
                    + " program's whole path";
                return false;
            }
        }

        /// <summary>Lets the child end by itself: closes the pipe that it reads.</summary>
        public void Dispose()
        {
            Process process = _process;
            _process = null;
            Id = -1;
            if (process == null) return;
            try { process.StandardInput.Close(); }
            catch (System.IO.IOException)
            {
                // It has ended before us.
            }
            process.Dispose();
        }

        /// <summary>An argument as the platform's own parser reads it back.</summary>
        private static string Quoted(string argument)
        {
            if (argument.Length > 0 && argument.IndexOfAny(new[] { ' ', '\t', '"' }) < 0) return argument;
            var text = new StringBuilder("\"");
            int slashes = 0;
            foreach (char c in argument)
            {
                // Backslashes count twice only before a quotation mark.
                if (c == '"') text.Append('\\', slashes + 1);
                slashes = c == '\\' ? slashes + 1 : 0;
                text.Append(c);
            }
            return text.Append('\\', slashes).Append('"').ToString();
        }

        private void Hear(object sender, DataReceivedEventArgs told)
        {
            lock (_gate)
            {
                if (told.Data == null)
                {
                    _ended++;
                    return;
                }
                _said.Append(told.Data).Append('\n');
                if (_said.Length > KeptOutput) _said.Remove(0, _said.Length - KeptOutput);
            }
        }
    }
}
