using System;
using System.Collections.Generic;
using System.IO;

namespace Sentio
{
    /// <summary>A frame file: recorded messages for playing without a sidecar (PROTOCOL.md, section 10).</summary>
    internal sealed class FrameFile
    {
        internal const string Magic = "SENTFRM1";
        internal const int Head = 12;

        /// <summary>Its records in order.</summary>
        public readonly List<FrameRecord> Records = new List<FrameRecord>();

        /// <summary>Why reading stopped before the end; empty if it did not.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Seconds from the first to the last record.</summary>
        public double Duration { get { return Records.Count > 0 ? Records[Records.Count - 1].Time : 0; } }

        /// <summary>Reads a whole file; records before a damaged one are kept.</summary>
        /// <exception cref="FormatException">It is not a frame file.</exception>
        public static FrameFile Parse(byte[] data)
        {
            for (int i = 0; i < Magic.Length; i++)
                if (data.Length <= i || data[i] != Magic[i]) throw new FormatException("not a frame file: expected it to begin with " + Magic);
            var file = new FrameFile();
            int at = Magic.Length;
            double last = 0;
            while (at < data.Length)
            {
                if (data.Length - at < Head) return file.Broken(at, "the record is cut short");
                double time = BitConverter.Int64BitsToDouble((long)Little(data, at, 8));
                ulong length = Little(data, at + 8, 4);
                bool fine = !double.IsNaN(time) && !double.IsInfinity(time) && time >= last && length >= 2 && length < Wire.MaxMessage;
                if (!fine) return file.Broken(at, "time or length is out of range");
                if (data.Length - at - Head < (int)length) return file.Broken(at, "the record is cut short");
                var message = new byte[length];
                Buffer.BlockCopy(data, at + Head, message, 0, (int)length);
                file.Records.Add(new FrameRecord { Time = time, Message = message });
                at += Head + (int)length;
                last = time;
            }
            return file;
        }

        /// <summary>Writes the records as a file.</summary>
        public void Write(Stream stream)
        {
            foreach (char c in Magic) stream.WriteByte((byte)c);
            foreach (FrameRecord record in Records)
            {
                Put(stream, (ulong)BitConverter.DoubleToInt64Bits(record.Time), 8);
                Put(stream, (ulong)record.Message.Length, 4);
                stream.Write(record.Message, 0, record.Message.Length);
            }
        }

        private FrameFile Broken(int at, string why)
        {
            Problem = "byte " + at + ": " + why;
            return this;
        }

        private static ulong Little(byte[] data, int at, int width)
        {
            ulong value = 0;
            for (int i = width - 1; i >= 0; i--) value = value << 8 | data[at + i];
            return value;
        }

        internal static void Little(byte[] data, int at, ulong value, int width)
        {
            for (int i = 0; i < width; i++) data[at + i] = (byte)(value >> 8 * i);
        }

        private static void Put(Stream stream, ulong value, int width)
        {
            for (int i = 0; i < width; i++) stream.WriteByte((byte)(value >> 8 * i));
        }
    }
}
