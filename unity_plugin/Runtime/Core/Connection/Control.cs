using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Asks the sidecar to do something, several requests at a time (PROTOCOL.md, section 6).</summary>
    /// <remarks>Requests are asked and answers settled by the draining thread; the bytes go by the background thread.</remarks>
    internal sealed class Control : IZmtpSink
    {
        /// <summary>Most requests waiting for their answers: half a second's worth of what the sidecar takes.</summary>
        public const int MostWaiting = 100;

        private sealed class Waiting
        {
            public SentioReply Reply;
            public double End;
            public byte[] Unsent;
        }

        private struct Heard
        {
            public long Id;
            public Dictionary<string, object> Body;
            public double Time;
        }

        private readonly object _gate = new object();
        private readonly Dictionary<long, Waiting> _waiting = new Dictionary<long, Waiting>();
        private readonly List<long> _ids = new List<long>();
        private readonly Queue<Heard> _heard = new Queue<Heard>();
        private readonly MsgpackWriter _writer = new MsgpackWriter();
        private readonly string _token;
        private readonly double _timeout;
        private readonly Func<double> _clock;
        private long _next = 1;
        private volatile bool _quiet = true;
        private volatile bool _unsent;

        /// <summary>Requests without an answer fail after <paramref name="timeout"/> seconds of <paramref name="clock"/>.</summary>
        public Control(string token, double timeout, Func<double> clock)
        {
            _token = token ?? "";
            _timeout = timeout;
            _clock = clock;
        }

        /// <summary>Replies that nobody awaited, or that were no map of this protocol.</summary>
        public int Strays { get; private set; }

        /// <summary>Asks; a request that is asked before the link is up is sent as soon as it is, if that is in time.</summary>
        public SentioReply Ask(string op, Dictionary<string, object> arguments)
        {
            var reply = new SentioReply(op);
            double now = _clock();
            reply.Asked = now;
            lock (_gate)
            {
                if (_waiting.Count >= MostWaiting)
                {
                    reply.Settle(null, new SentioError("busy", MostWaiting + " requests await answers", "ask less often"));
                    return reply;
                }
                var map = new Dictionary<string, object> { { "v", Wire.Version }, { "id", _next }, { "op", op } };
                if (_token.Length > 0) map["token"] = _token;
                if (arguments != null) foreach (KeyValuePair<string, object> entry in arguments) map[entry.Key] = entry.Value;
                try
                {
                    _waiting[_next] = new Waiting { Reply = reply, End = now + _timeout, Unsent = _writer.WriteMap(map) };
                    _ids.Add(_next++);
                    _quiet = false;
                    _unsent = true;
                }
                catch (ArgumentException error)
                {
                    reply.Settle(null, new SentioError("bad_argument", op + ": " + error.Message, ""));
                }
            }
            return reply;
        }

        /// <summary>Sends what waits to be sent; called by the background thread.</summary>
        public void Send(Link link)
        {
            if (!_unsent || !link.IsUp) return;
            lock (_gate)
            {
                _unsent = false;
                for (int i = 0; i < _ids.Count; i++)
                {
                    Waiting one = _waiting[_ids[i]];
                    if (one.Unsent != null && link.Send(one.Unsent)) one.Unsent = null;
                    _unsent |= one.Unsent != null;
                }
            }
        }

        /// <summary>Settles what was answered and what took too long; called by the draining thread.</summary>
        public void Drain()
        {
            while (!_quiet)
            {
                SentioReply reply = null;
                Dictionary<string, object> body = null;
                SentioError error = null;
                lock (_gate)
                {
                    if (_heard.Count > 0)
                    {
                        Heard one = _heard.Dequeue();
                        reply = Remove(one.Id);
                        if (reply == null) Strays++;
                        else reply.Heard = one.Time;
                        body = one.Body;
                    }
                    else
                    {
                        double now = _clock();
                        for (int i = 0; i < _ids.Count && reply == null; i++)
                            if (now > _waiting[_ids[i]].End) reply = Remove(_ids[i]);
                        _quiet = _ids.Count == 0;
                        if (reply == null) return;
                        string about = "no answer to '" + reply.Op + "' within " + _timeout + " s";
                        error = new SentioError("timeout", about, "is the sidecar running? sentio run");
                    }
                }
                if (reply != null) reply.Settle(body, error);
            }
        }

        /// <summary>Fails everything that waits.</summary>
        public void Close()
        {
            while (true)
            {
                SentioReply reply;
                lock (_gate)
                {
                    if (_ids.Count == 0) return;
                    reply = Remove(_ids[0]);
                }
                reply.Settle(null, new SentioError("closed", "the connection was closed", ""));
            }
        }

        /// <summary>Hears a frame of a reply; called by the background thread.</summary>
        public void Part(byte[] bytes, int start, int count, bool more)
        {
            if (more) return;
            var reader = new MsgpackReader(bytes, start, count);
            Dictionary<string, object> map = reader.ReadMap();
            object id = null;
            if (map != null) map.TryGetValue("id", out id);
            lock (_gate)
            {
                // Bounded: a peer that answers without end must not fill the memory of a game that stands still.
                if (!(id is long) || !_waiting.ContainsKey((long)id) || _heard.Count >= MostWaiting) Strays++;
                else _heard.Enqueue(new Heard { Id = (long)id, Body = map, Time = _clock() });
            }
        }

        private SentioReply Remove(long id)
        {
            Waiting one;
            if (!_waiting.TryGetValue(id, out one)) return null;
            _waiting.Remove(id);
            _ids.Remove(id);
            return one.Reply;
        }
    }
}
