using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Sentio
{
    /// <summary>One sidecar as a child process that ends with the game.</summary>
    /// <remarks>The child reads from a pipe that only this process holds: when the game ends, in whatever way, the pipe
    /// closes and the sidecar exits (<c>--exit-on-stdin-eof</c>). No process is killed.</remarks>
    internal sealed class SidecarProcess : IDisposable
    {
        /// <summary>Most characters of the child's output that are kept.</summary>
        private const int KeptOutput = 2000;

        private readonly object _gate = new object();
        private readonly StringBuilder _output = new StringBuilder();
        private Process _process;
        private int _ended;

        /// <summary>Why it could not start; empty if it did.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>The end of the child's output.</summary>
        public string Output { get { lock (_gate) return _output.ToString(); } }

        /// <summary>The child's process id; -1 if there is none.</summary>
        public int ProcessId { get; private set; } = -1;

        /// <summary>Whether the child runs.</summary>
        public bool IsRunning
        {
            get
            {
                try { return _process != null && !_process.HasExited; }
                catch (InvalidOperationException) { return false; }
            }
        }

        /// <summary>Whether the output of an ended child is complete; it may arrive after the process has
        /// ended.</summary>
        public bool HasAllOutput { get { lock (_gate) return _ended >= 2; } }

        /// <summary>Starts a program. Returns false and sets <see cref="Problem"/> if it does not start.</summary>
        public bool Start(string command, IEnumerable<string> arguments)
        {
            Dispose();
            Problem = "";
            lock (_gate)
            {
                _output.Length = 0;
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
            process.OutputDataReceived += Receive;
            process.ErrorDataReceived += Receive;
            try
            {
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                ProcessId = process.Id;
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

        /// <summary>Ends the child by closing the pipe that it reads.</summary>
        public void Dispose()
        {
            Process process = _process;
            _process = null;
            ProcessId = -1;
            if (process == null) return;
            try { process.StandardInput.Close(); }
            catch (System.IO.IOException)
            {
                // It has ended already.
            }
            process.Dispose();
        }

        /// <summary>An argument quoted for the platform's parser.</summary>
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

        private void Receive(object sender, DataReceivedEventArgs received)
        {
            lock (_gate)
            {
                if (received.Data == null)
                {
                    _ended++;
                    return;
                }
                _output.Append(received.Data).Append('\n');
                if (_output.Length > KeptOutput) _output.Remove(0, _output.Length - KeptOutput);
            }
        }
    }
}
