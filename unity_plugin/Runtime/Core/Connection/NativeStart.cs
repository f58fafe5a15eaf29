using System;
using System.Collections;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Sentio
{
    /// <summary>A child process by the system's own calls, for builds without <c>Process.Start</c> (IL2CPP).</summary>
    /// <remarks>It has no pipes: its output is not read, and it ends with the game by <c>--parent-pid</c>. Linux and
    /// macOS use <c>posix_spawn</c>, Windows <c>CreateProcessW</c>.</remarks>
    internal sealed class NativeStart
    {
        private const int NoHang = 1;
        private const int SigKill = 9;
        private const uint NoWindow = 0x08000000;
        private const uint UnicodeBlock = 0x00000400;
        private const uint StillActive = 259;

        private readonly bool _windows;
        private IntPtr _handle;
        private int _exitCode = -1;

        private NativeStart(bool windows) { _windows = windows; }

        /// <summary>The child's process id.</summary>
        public int ProcessId { get; private set; }

        /// <summary>The child's exit code, 128 and the signal that ended it, or -1 while it runs.</summary>
        public int ExitCode { get { return IsRunning ? -1 : _exitCode; } }

        /// <summary>Whether the child runs.</summary>
        public bool IsRunning
        {
            get
            {
                if (_exitCode >= 0) return false;
                if (_windows)
                {
                    uint code;
                    if (GetExitCodeProcess(_handle, out code) && code == StillActive) return true;
                    _exitCode = (int)(code & 0x7fffffff);
                    CloseHandle(_handle);
                    return false;
                }
                int status;
                if (waitpid(ProcessId, out status, NoHang) == 0) return true;
                int signal = status & 0x7f;
                _exitCode = signal == 0 ? (status >> 8) & 0xff : 128 + signal;
                return false;
            }
        }

        /// <summary>Starts a program.</summary>
        /// <param name="program">Its path.</param>
        /// <param name="arguments">Its arguments, without its name.</param>
        /// <param name="line">The arguments as one line, quoted for Windows.</param>
        /// <param name="token">The token in its environment; empty for none.</param>
        /// <exception cref="Win32Exception">It does not start.</exception>
        public static NativeStart Start(string program, IList<string> arguments, string line, string token)
        {
            bool windows = Environment.OSVersion.Platform == PlatformID.Win32NT;
            var child = new NativeStart(windows);
            if (windows) child.Create(program, line, token);
            else child.Spawn(program, arguments, token);
            return child;
        }

        /// <summary>The process id of this game, without the class <c>Process</c>, which IL2CPP lacks.</summary>
        public static int OwnId()
        {
            return Environment.OSVersion.Platform == PlatformID.Win32NT ? (int)GetCurrentProcessId() : getpid();
        }

        /// <summary>Kills the child.</summary>
        public void Kill()
        {
            if (!IsRunning) return;
            if (_windows) TerminateProcess(_handle, 1);
            else kill(ProcessId, SigKill);
        }

        private void Create(string program, string line, string token)
        {
            var startup = new StartupInfo { Size = Marshal.SizeOf(typeof(StartupInfo)) };
            ProcessInformation made;
            var command = new StringBuilder("\"" + program + "\" " + line);
            // A block of texts, each with a zero at its end, and one more at the end of all.
            IntPtr block = Marshal.StringToHGlobalUni(string.Join("\0", Variables(token).ToArray()) + "\0\0");
            try
            {
                if (!CreateProcessW(program, command, IntPtr.Zero, IntPtr.Zero, false, NoWindow | UnicodeBlock, block, null,
                    ref startup, out made))
                    throw new Win32Exception(Marshal.GetLastWin32Error());
            }
            finally { Marshal.FreeHGlobal(block); }
            CloseHandle(made.Thread);
            _handle = made.Process;
            ProcessId = made.ProcessId;
        }

        private void Spawn(string program, IList<string> arguments, string token)
        {
            var all = new List<string> { program };
            all.AddRange(arguments);
            IntPtr[] argv = Strings(all), envp = Strings(Variables(token));
            try
            {
                int pid;
                int error = posix_spawn(out pid, Encoding.UTF8.GetBytes(program + "\0"), IntPtr.Zero, IntPtr.Zero, argv, envp);
                if (error != 0) throw new Win32Exception(error);
                ProcessId = pid;
            }
            finally
            {
                foreach (IntPtr text in argv) Marshal.FreeHGlobal(text);
                foreach (IntPtr text in envp) Marshal.FreeHGlobal(text);
            }
        }

        // The variables of this process, with the child's own token.
        private static List<string> Variables(string token)
        {
            var all = new List<string>();
            foreach (DictionaryEntry one in Environment.GetEnvironmentVariables())
                if (token.Length == 0 || (string)one.Key != TokenFile.Variable) all.Add(one.Key + "=" + one.Value);
            if (token.Length > 0) all.Add(TokenFile.Variable + "=" + token);
            return all;
        }

        // Texts in UTF-8 with a zero at the end of each, and a null pointer at the end of all.
        private static IntPtr[] Strings(List<string> texts)
        {
            var pointers = new IntPtr[texts.Count + 1];
            for (int i = 0; i < texts.Count; i++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(texts[i] + "\0");
                pointers[i] = Marshal.AllocHGlobal(bytes.Length);
                Marshal.Copy(bytes, 0, pointers[i], bytes.Length);
            }
            return pointers;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct StartupInfo
        {
            public int Size;
            public IntPtr Reserved, Desktop, Title;
            public int X, Y, Width, Height, CharsX, CharsY, Fill, Flags;
            public short Show, Reserved2Length;
            public IntPtr Reserved2, Input, Output, Error;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct ProcessInformation
        {
            public IntPtr Process, Thread;
            public int ProcessId, ThreadId;
        }

        [DllImport("libc")]
        private static extern int posix_spawn(out int pid, byte[] path, IntPtr actions, IntPtr attributes, IntPtr[] argv, IntPtr[] envp);

        [DllImport("libc")]
        private static extern int waitpid(int pid, out int status, int options);

        [DllImport("libc")]
        private static extern int getpid();

        [DllImport("kernel32")]
        private static extern uint GetCurrentProcessId();

        [DllImport("libc")]
        private static extern int kill(int pid, int signal);

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern bool CreateProcessW(string program, StringBuilder line, IntPtr process, IntPtr thread, bool inherit,
            uint flags, IntPtr environment, string folder, ref StartupInfo startup, out ProcessInformation made);

        [DllImport("kernel32")]
        private static extern bool GetExitCodeProcess(IntPtr process, out uint code);

        [DllImport("kernel32")]
        private static extern bool TerminateProcess(IntPtr process, uint code);

        [DllImport("kernel32")]
        private static extern bool CloseHandle(IntPtr handle);
    }
}
