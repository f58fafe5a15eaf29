using System;
using System.Collections.Generic;
using System.Threading;

namespace Sentio
{
    /// <summary>Keeps the newest state and detail, and every event, of what was published.</summary>
    /// <remarks>One thread puts, another takes; states allocate nothing.</remarks>
    internal sealed class StateMailbox
    {
        /// <summary>Longest queue of events; if it is full, the oldest is dropped and counted as missed.</summary>
        public const int MostEvents = 2048;

        private readonly object _gate = new object();
        private readonly Queue<SentioEvent> _events = new Queue<SentioEvent>();
        private readonly AffectReader _reader = new AffectReader();
        private readonly double _oldest;
        private AffectFrame _filling = new AffectFrame();
        private AffectFrame _newest = new AffectFrame();
        private Dictionary<string, object> _detail;
        private volatile bool _fresh;
        private volatile int _waiting;
        private string _subject;
        private long _epoch = -1, _seq = -1, _eventEpoch = -1, _eventId = -1;
        private long _otherVersion;
        private double _received = double.NegativeInfinity;
        private ClientCounters _counters;

        /// <summary>Follows <paramref name="subject"/>, or the first one received if that is empty; drops states older
        /// than <paramref name="oldest"/> seconds.</summary>
        public StateMailbox(string subject, double oldest)
        {
            _subject = subject ?? "";
            _oldest = oldest;
        }

        /// <summary>The subject that is followed; empty until the first state arrives.</summary>
        public string Subject { get { lock (_gate) return _subject; } }

        /// <summary>The other major version that was received last, or 0.</summary>
        public long OtherVersion { get { return Volatile.Read(ref _otherVersion); } }

        /// <summary>When the last state arrived, by the reader's clock.</summary>
        public double Received { get { return Volatile.Read(ref _received); } }

        /// <summary>Counts of dropped and missed messages.</summary>
        public ClientCounters Counters { get { lock (_gate) return _counters; } }

        /// <summary>Events that were sent but cannot be taken; costs no lock.</summary>
        public int MissedEvents { get { return Volatile.Read(ref _counters.MissedEvents); } }

        /// <summary>Topics to subscribe to. All events are included, because they are numbered across all
        /// subjects.</summary>
        public static byte[][] Topics(string subject)
        {
            string one = string.IsNullOrEmpty(subject) ? "" : subject + "\0";
            return Array.ConvertAll(
                new[] { "event/", "affect/" + one, "detail/" + one }, System.Text.Encoding.UTF8.GetBytes);
        }

        /// <summary>Puts a published message; <paramref name="remoteNow"/> is the sidecar's time, NaN if
        /// unknown.</summary>
        public void Put(byte[] bytes, int start, int count, double now, double remoteNow)
        {
            byte kind = count > 0 ? bytes[start] : (byte)0;
            if (kind == (byte)'a') PutState(bytes, start, count, now, remoteNow);
            else if (kind == (byte)'d') PutDetail(bytes, start, count);
            else if (kind == (byte)'e') PutEvent(bytes, start, count);
            else if (kind != (byte)'h') Malformed();
        }

        /// <summary>Copies the newest state into <paramref name="into"/>; false if it was taken already.</summary>
        public bool TakeState(AffectFrame into)
        {
            if (!_fresh) return false;
            lock (_gate)
            {
                _fresh = false;
                _newest.CopyTo(into);
                return true;
            }
        }

        /// <summary>Whether events wait.</summary>
        public bool HasEvents { get { return _waiting > 0; } }

        /// <summary>Takes the oldest event; null if there is none.</summary>
        public SentioEvent TakeEvent()
        {
            if (_waiting == 0) return null;
            lock (_gate)
            {
                SentioEvent oldest = _events.Dequeue();
                _waiting = _events.Count;
                return oldest;
            }
        }

        /// <summary>Takes the newest detail; null if there is no new one.</summary>
        public Dictionary<string, object> TakeDetail()
        {
            return Volatile.Read(ref _detail) == null ? null : Interlocked.Exchange(ref _detail, null);
        }

        private void PutState(byte[] bytes, int start, int count, double now, double remoteNow)
        {
            if (!_reader.Read(bytes, start, count, _filling))
            {
                Refused(_reader.Code, _reader.OtherVersion);
                return;
            }
            lock (_gate)
            {
                if (_subject.Length == 0) _subject = _filling.Subject;
                if (_filling.Subject != _subject) return;
                if (_filling.Epoch == _epoch && _filling.Seq <= _seq) return;
                if (remoteNow - _filling.Sent > _oldest)
                {
                    _counters.Outdated++;
                    return;
                }
                if (_fresh) _counters.Superseded++;
                _filling.KeepEvidence(_newest);
                AffectFrame old = _newest;
                _newest = _filling;
                _filling = old;
                _epoch = _newest.Epoch;
                _seq = _newest.Seq;
                Volatile.Write(ref _otherVersion, 0);
                Volatile.Write(ref _received, now);
                _fresh = true;
            }
        }

        // Decoded here, on the background thread, to spare the game's.
        private void PutDetail(byte[] bytes, int start, int count)
        {
            string topic, subject = Subject;
            Dictionary<string, object> map = Body(bytes, start, count, out topic);
            if (map != null && (subject.Length == 0 || topic == "detail/" + subject)) Volatile.Write(ref _detail, map);
        }

        private void PutEvent(byte[] bytes, int start, int count)
        {
            string topic;
            Dictionary<string, object> map = Body(bytes, start, count, out topic);
            if (map == null) return;
            object id, epoch, kind, name, time;
            map.TryGetValue("id", out id);
            map.TryGetValue("epoch", out epoch);
            map.TryGetValue("kind", out kind);
            map.TryGetValue("name", out name);
            map.TryGetValue("time", out time);
            if (!(id is long) || !(epoch is long) || !(kind is string))
            {
                Malformed();
                return;
            }
            var received = new SentioEvent
            {
                Subject = topic.Substring("event/".Length),
                Kind = (string)kind,
                Name = name as string ?? "",
                Time = time is double ? (double)time : time is long ? (long)time : double.NaN,
                Body = map,
            };
            lock (_gate)
            {
                if ((long)epoch == _eventEpoch && (long)id > _eventId + 1) _counters.MissedEvents += (int)((long)id - _eventId - 1);
                _eventEpoch = (long)epoch;
                _eventId = (long)id;
                if (_subject.Length > 0 && received.Subject != _subject) return;
                if (_events.Count >= MostEvents)
                {
                    _events.Dequeue();
                    _counters.MissedEvents++;
                }
                _events.Enqueue(received);
                _waiting = _events.Count;
            }
        }

        private Dictionary<string, object> Body(byte[] bytes, int start, int count, out string topic)
        {
            string code;
            long version;
            Dictionary<string, object> map = Wire.Read(bytes, start, count, out topic, out code, out version);
            if (map == null) Refused(code, version);
            return map;
        }

        private void Refused(string code, long version)
        {
            if (code != "version")
            {
                Malformed();
                return;
            }
            Volatile.Write(ref _otherVersion, version);
        }

        private void Malformed()
        {
            lock (_gate) _counters.Malformed++;
        }
    }
}
