using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Plays a frame file.</summary>
    internal sealed class FramePlayer
    {
        private readonly FrameFile _file;
        private readonly AffectReader _reader = new AffectReader();
        private readonly AffectFrame _read = new AffectFrame();
        private string _followed = "";
        private int _next;

        /// <summary>The subject whose messages are played; empty selects the first one in the file.</summary>
        public string Subject = "";

        /// <summary>Playback speed, recorded seconds per second, 0.1..100.</summary>
        public double Speed = 1.0;

        /// <summary>Whether it restarts at the end.</summary>
        public bool Loop = false;

        /// <summary>Whether it is playing.</summary>
        public bool Playing = true;

        /// <summary>Position in seconds.</summary>
        public double Position { get; private set; }

        /// <summary>Raised for a state.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>Raised for an event.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>Raised for a detail.</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>Raised at the end of the file, before a loop restarts.</summary>
        public event Action Finished;

        /// <summary>The newest state.</summary>
        public readonly AffectFrame Latest = new AffectFrame();

        /// <summary>Plays <paramref name="file"/> from its beginning.</summary>
        public FramePlayer(FrameFile file) { _file = file; }

        /// <summary>Whether the end was reached.</summary>
        public bool AtEnd { get { return _next >= _file.Records.Count && !Loop; } }

        /// <summary>Advances by <paramref name="dt"/> seconds: raises the newest state and every event.</summary>
        public void Step(double dt)
        {
            if (!Playing || !Behaviour.Elapsed.IsFinite(dt) || dt <= 0) return;
            Position += dt * Behaviour.Elapsed.Clamp(Speed, 0.1, 100);
            bool fresh = false;
            // What is subscribed to an event may pause or seek; a component that opens another file pauses this one.
            while (Playing && _next < _file.Records.Count && _file.Records[_next].Time <= Position)
                fresh |= Show(_file.Records[_next++].Message);
            if (fresh && Playing && Frame != null) Frame(Latest);
            if (!Playing || _next < _file.Records.Count || _file.Records.Count == 0) return;
            Position = _file.Duration;
            Playing = Loop;
            if (Finished != null) Finished();
            if (!Loop || _next < _file.Records.Count) return;
            Position = 0;
            _next = 0;
        }

        /// <summary>Seeks to a time and raises the state that was current there.</summary>
        public void Seek(double seconds)
        {
            Position = Behaviour.Elapsed.Clamp(Behaviour.Elapsed.IsFinite(seconds) ? seconds : 0, 0, _file.Duration);
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
            if (message[0] == (byte)'a')
            {
                if (!_reader.Read(message, 0, message.Length, _read) || !IsFollowed(_read.Subject)) return false;
                _read.KeepEvidence(Latest);
                _read.CopyTo(Latest);
                return true;
            }
            int end = Array.IndexOf(message, (byte)0), slash = Array.IndexOf(message, (byte)'/');
            if (slash < 1 || end < slash) return false;
            string subject = System.Text.Encoding.UTF8.GetString(message, slash + 1, end - slash - 1);
            if (!IsFollowed(subject)) return false;
            Dictionary<string, object> map = new MsgpackReader(message, end + 1, message.Length - end - 1).ReadMap();
            if (map == null) return false;
            if (message[0] == (byte)'d' && Detail != null) Detail(map);
            if (message[0] == (byte)'e' && Event != null) Event(EventOf(map, subject));
            return false;
        }

        private bool IsFollowed(string subject)
        {
            if (Subject.Length > 0) return subject == Subject;
            if (_followed.Length == 0) _followed = subject;
            return subject == _followed;
        }

        private static SentioEvent EventOf(Dictionary<string, object> map, string subject)
        {
            object kind, name, time;
            map.TryGetValue("kind", out kind);
            map.TryGetValue("name", out name);
            map.TryGetValue("time", out time);
            return new SentioEvent
            {
                Subject = subject,
                Kind = kind as string ?? "",
                Name = name as string ?? "",
                Time = time is double ? (double)time : double.NaN,
                Body = map,
            };
        }
    }
}
