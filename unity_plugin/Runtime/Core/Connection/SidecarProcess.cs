using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Sentio
{
    /// <summary>One sidecar as a child process that ends with the game.</summary>
    /// <remarks>The child ends when the pipe that it reads is closed (<c>--exit-on-stdin-eof</c>) and when this process
    /// has ended (<c>--parent-pid</c>): other children of the game may have inherited the pipe and keep it open.
    /// <see cref="SidecarEnd"/> ends it earlier.</remarks>
    internal sealed class SidecarProcess : IDisposable
    {
        /// <summary>Most characters of the child's output that are kept.</summary>
        private const int KeptOutput = 2000;

        private readonly object _gate = new object();
        private readonly StringBuilder _output = new StringBuilder();
        private readonly bool _native;
        private Process _process;
        private NativeStart _child;
        private int _ended;

        /// <summary>A process that is not started yet.</summary>
        /// <param name="native">Start it by the system's own calls, as IL2CPP needs; its output is not read then.</param>
        public SidecarProcess(bool native) { _native = native; }

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
                if (_child != null) return _child.IsRunning;
                try { return _process != null && !_process.HasExited; }
                catch (InvalidOperationException) { return false; }
            }
        }

        /// <summary>Whether the output of an ended child is complete; it may arrive after the process has
        /// ended.</summary>
        public bool HasAllOutput { get { lock (_gate) return _child != null || _ended >= 2; } }

        /// <summary>The exit code of an ended child; -1 while it runs and before it is started.</summary>
        public int ExitCode
        {
            get
            {
                if (_child != null) return _child.ExitCode;
                try { return _process != null && _process.HasExited ? _process.ExitCode : -1; }
                catch (InvalidOperationException) { return -1; }
            }
        }

        /// <summary>Starts a program. Returns false and sets <see cref="Problem"/> if it does not start.</summary>
        /// <param name="command">Its path, or a name on the PATH.</param>
        /// <param name="arguments">Its arguments.</param>
        /// <param name="token">The token in its environment; empty for none.</param>
        public bool Start(string command, IEnumerable<string> arguments, string token = "")
        {
            Dispose();
            Problem = "";
            lock (_gate)
            {
                _output.Length = 0;
                _ended = 0;
            }
            var all = new List<string>(arguments);
            var line = new StringBuilder();
            foreach (string one in all) line.Append(line.Length > 0 ? " " : "").Append(Quoted(one));
            try
            {
                if (_native) StartNative(command, all, line.ToString(), token);
                else StartManaged(command, line.ToString(), token);
                return true;
            }
            catch (Exception error) when (error is Win32Exception || error is NotSupportedException
                || error is InvalidOperationException || error is System.IO.IOException
                || error is DllNotFoundException || error is EntryPointNotFoundException)
            {
                Problem = "'" + command + "' is there but cannot be started: " + error.Message;
                return false;
            }
        }

        private void StartNative(string command, IList<string> arguments, string line, string token)
        {
            _child = NativeStart.Start(command, arguments, line, token);
            ProcessId = _child.ProcessId;
        }

        private void StartManaged(string command, string line, string token)
        {
            var about = new ProcessStartInfo(command, line)
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            if (token.Length > 0) about.EnvironmentVariables[TokenFile.Variable] = token;
            var process = new Process { StartInfo = about };
            process.OutputDataReceived += Receive;
            process.ErrorDataReceived += Receive;
            try
            {
                process.Start();
            }
            catch
            {
                process.Dispose();
                throw;
            }
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            ProcessId = process.Id;
            _process = process;
        }

        /// <summary>Closes the pipe that the child reads; the child ends when it notices.</summary>
        public void CloseInput()
        {
            if (_process == null) return;
            try { _process.StandardInput.Close(); }
            catch (System.IO.IOException)
            {
                // It has ended already.
            }
            catch (InvalidOperationException)
            {
                // It has no pipe.
            }
        }

        /// <summary>Kills the child.</summary>
        public void Kill()
        {
            if (_child != null) _child.Kill();
            try { if (_process != null) _process.Kill(); }
            catch (Exception error) when (error is Win32Exception || error is InvalidOperationException)
            {
                // It has ended already.
            }
        }

        /// <summary>Closes the pipes, and forgets the child.</summary>
        public void Dispose()
        {
            CloseInput();
            Process process = _process;
            _process = null;
            _child = null;
            ProcessId = -1;
            if (process != null) process.Dispose();
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
