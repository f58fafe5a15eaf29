using System;
using System.Diagnostics;
using System.IO;

namespace Sentio
{
    /// <summary>Writes received messages to a frame file one by one, so that a crash loses the last second at
    /// most.</summary>
    /// <remarks>Thread-safe; times come from this writer's own clock, so they never decrease.</remarks>
    internal sealed class FrameFileWriter : IDisposable
    {
        private const double FlushEvery = 1.0;

        private readonly object _gate = new object();
        private readonly Stopwatch _watch = new Stopwatch();
        private readonly byte[] _head = new byte[FrameFile.Head];
        private FileStream _file;
        private double _flushed;

        /// <summary>Creates the file.</summary>
        /// <exception cref="IOException">It cannot be created.</exception>
        /// <exception cref="UnauthorizedAccessException">Creating it is not permitted.</exception>
        public FrameFileWriter(string path)
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            for (int i = 0; i < FrameFile.Magic.Length; i++) _file.WriteByte((byte)FrameFile.Magic[i]);
        }

        /// <summary>Messages written so far.</summary>
        public int Count { get; private set; }

        /// <summary>Why writing stopped, for example a full disk; empty if it did not.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Whether the file is open.</summary>
        public bool IsOpen { get { lock (_gate) return _file != null; } }

        /// <summary>Writes a published message.</summary>
        public void Write(byte[] bytes, int start, int count)
        {
            lock (_gate)
            {
                if (_file == null || count < 2 || count >= Wire.MaxMessage) return;
                _watch.Start();
                double now = Count == 0 ? 0 : (double)_watch.ElapsedTicks / Stopwatch.Frequency;
                FrameFile.Little(_head, 0, (ulong)BitConverter.DoubleToInt64Bits(now), 8);
                FrameFile.Little(_head, 8, (ulong)count, 4);
                try
                {
                    _file.Write(_head, 0, _head.Length);
                    _file.Write(bytes, start, count);
                    if (now - _flushed > FlushEvery)
                    {
                        _flushed = now;
                        _file.Flush();
                    }
                    Count++;
                }
                catch (IOException error)
                {
                    Problem = error.Message;
                    Close();
                }
            }
        }

        /// <summary>Closes the file.</summary>
        public void Dispose() { lock (_gate) Close(); }

        private void Close()
        {
            FileStream file = _file;
            _file = null;
            if (file == null) return;
            try { file.Dispose(); }
            catch (IOException error) { Problem = error.Message; }
        }
    }
}
