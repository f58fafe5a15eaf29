using System;
using System.Collections.Generic;
using System.IO;

namespace Sentio
{
    /// <summary>A message of a frame file and when it is due, seconds since the first.</summary>
    public struct FrameRecord
    {
        /// <summary>Seconds since the first record.</summary>
        public double Time;

        /// <summary>The message as it was published.</summary>
        public byte[] Message;
    }

    /// <summary>Frame files: what a subscriber heard, for playing without a sidecar (PROTOCOL.md, section 10).</summary>
    public sealed class FrameFile
    {
        private const string Magic = "SENTFRM1";
        private const int Head = 12;

        /// <summary>Its records in order.</summary>
        public readonly List<FrameRecord> Records = new List<FrameRecord>();

        /// <summary>Why reading stopped before the end; empty where it did not.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Seconds from the first to the last record.</summary>
        public double Length { get { return Records.Count > 0 ? Records[Records.Count - 1].Time : 0; } }

        /// <summary>Reads a whole file; what came before a damage is kept.</summary>
        /// <exception cref="FormatException">It is no frame file at all.</exception>
        public static FrameFile Parse(byte[] data)
        {
            for (int i = 0; i < Magic.Length; i++)
                if (data.Length <= i || data[i] != Magic[i]) throw new FormatException("got no frame file: it begins with something else than " + Magic);
            var file = new FrameFile();
            int at = Magic.Length;
            double last = 0;
            while (at < data.Length)
            {
                if (data.Length - at < Head) return file.Broken(at, "the record is cut short");
                double time = BitConverter.Int64BitsToDouble((long)Little(data, at, 8));
                ulong length = Little(data, at + 8, 4);
                bool fine = !double.IsNaN(time) && !double.IsInfinity(time) && time >= last && length >= 2 && length < AffectReader.MaxMessage;
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

        private static void Put(Stream stream, ulong value, int width)
        {
            for (int i = 0; i < width; i++) stream.WriteByte((byte)(value >> 8 * i));
        }
    }

    /// <summary>Plays a frame file as if it were heard now.</summary>
    public sealed class FramePlayer
    {
        private readonly FrameFile _file;
        private readonly AffectReader _reader = new AffectReader();
        private int _next;

        /// <summary>Recorded seconds a second, 0.1..100.</summary>
        public double Speed = 1.0;

        /// <summary>Whether it begins again at the end.</summary>
        public bool Loop;

        /// <summary>Whether it moves.</summary>
        public bool Playing = true;

        /// <summary>Seconds into the file.</summary>
        public double Position { get; private set; }

        /// <summary>A state is due.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>An event is due.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>A detail is due.</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>The newest state.</summary>
        public readonly AffectFrame Latest = new AffectFrame();

        /// <summary>Plays <paramref name="file"/> from its beginning.</summary>
        public FramePlayer(FrameFile file) { _file = file; }

        /// <summary>Whether all was played.</summary>
        public bool AtEnd { get { return _next >= _file.Records.Count && !Loop; } }

        /// <summary>Goes on by <paramref name="dt"/> seconds: of states only the newest is shown, of events each.</summary>
        public void Step(double dt)
        {
            if (!Playing || !Behaviour.Elapsed.IsFinite(dt) || dt <= 0) return;
            Position += dt * Behaviour.Elapsed.Clamp(Speed, 0.1, 100);
            bool fresh = false;
            while (_next < _file.Records.Count && _file.Records[_next].Time <= Position) fresh |= Show(_file.Records[_next++].Message);
            if (fresh && Frame != null) Frame(Latest);
            if (_next < _file.Records.Count || !Loop || _file.Records.Count == 0) return;
            Position = 0;
            _next = 0;
        }

        /// <summary>Goes to a time; the state that held there is shown.</summary>
        public void Seek(double seconds)
        {
            Position = Behaviour.Elapsed.Clamp(Behaviour.Elapsed.IsFinite(seconds) ? seconds : 0, 0, _file.Length);
            int newest = -1;
            for (_next = 0; _next < _file.Records.Count && _file.Records[_next].Time <= Position; _next++)
            {
                byte[] message = _file.Records[_next].Message;
                if (AffectReader.IsAffect(message, 0, message.Length)) newest = _next;
            }
            if (newest >= 0 && Show(_file.Records[newest].Message) && Frame != null) Frame(Latest);
        }

        private bool Show(byte[] message)
        {
            if (message[0] == (byte)'a') return _reader.Read(message, 0, message.Length, Latest);
            int end = Array.IndexOf(message, (byte)0);
            if (end < 1) return false;
            var reader = new MsgpackReader(message, end + 1, message.Length - end - 1);
            Dictionary<string, object> map = reader.ReadMap();
            if (map == null) return false;
            if (message[0] == (byte)'d' && Detail != null) Detail(map);
            if (message[0] == (byte)'e' && Event != null) Event(Told(map, System.Text.Encoding.UTF8.GetString(message, 0, end)));
            return false;
        }

        private static SentioEvent Told(Dictionary<string, object> map, string topic)
        {
            object kind, name, time;
            map.TryGetValue("kind", out kind);
            map.TryGetValue("name", out name);
            map.TryGetValue("time", out time);
            return new SentioEvent
            {
                Subject = topic.Substring(Math.Min(topic.Length, "event/".Length)),
                Kind = kind as string ?? "",
                Name = name as string ?? "",
                Time = time is double ? (double)time : double.NaN,
                Body = map,
            };
        }
    }
}
