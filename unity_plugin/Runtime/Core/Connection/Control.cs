using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Sends requests and matches their replies (PROTOCOL.md, section 6).</summary>
    /// <remarks>The draining thread makes requests and settles replies; the background thread sends and receives the
    /// bytes.</remarks>
    internal sealed class Control : IZmtpSink
    {
        /// <summary>Most pending requests: half a second of the 200 a second that the sidecar accepts.</summary>
        public const int MaxPending = 100;

        private sealed class Waiting
        {
            public SentioReply Reply;
            public double End;
            public byte[] Unsent;
        }

        private struct Received
        {
            public long Id;
            public Dictionary<string, object> Body;
            public double Time;
        }

        private readonly object _gate = new object();
        private readonly Dictionary<long, Waiting> _waiting = new Dictionary<long, Waiting>();
        private readonly List<long> _ids = new List<long>();
        private readonly Queue<Received> _received = new Queue<Received>();
        private readonly MsgpackWriter _writer = new MsgpackWriter();
        private readonly string _token;
        private readonly double _timeout;
        private readonly Func<double> _clock;
        private long _next = 1;
        private volatile bool _quiet = true;
        private volatile bool _unsent;

        /// <summary>Requests without an answer fail after <paramref name="timeout"/> seconds of
        /// <paramref name="clock"/>.</summary>
        public Control(string token, double timeout, Func<double> clock)
        {
            _token = token ?? "";
            _timeout = timeout;
            _clock = clock;
        }

        /// <summary>Replies without a pending request, or that do not follow the protocol.</summary>
        public int Strays { get; private set; }

        /// <summary>Sends a request. One made before the link is up is sent when it is, unless it times out
        /// first.</summary>
        public SentioReply Ask(string op, Dictionary<string, object> arguments)
        {
            var reply = new SentioReply(op);
            double now = _clock();
            reply.Sent = now;
            lock (_gate)
            {
                if (_waiting.Count >= MaxPending)
                {
                    reply.Settle(null, new SentioError("busy", MaxPending + " requests are pending", "send fewer requests"));
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

        /// <summary>Sends queued requests; called by the background thread.</summary>
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

        /// <summary>Settles replies and requests that timed out, until the budget is spent; called by the draining
        /// thread.</summary>
        public void Drain(FrameBudget budget = null)
        {
            for (bool first = true; !_quiet; first = false)
            {
                if (!first && budget != null && budget.IsSpent) return;
                SentioReply reply = null;
                Dictionary<string, object> body = null;
                SentioError error = null;
                lock (_gate)
                {
                    if (_received.Count > 0)
                    {
                        Received one = _received.Dequeue();
                        reply = Remove(one.Id);
                        if (reply == null) Strays++;
                        else reply.Received = one.Time;
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

        /// <summary>Fails all pending requests.</summary>
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

        /// <summary>Receives a frame of a reply; called by the background thread.</summary>
        public void Part(byte[] bytes, int start, int count, bool more)
        {
            // Not decoded: a flood of them must not cost more than reading it.
            if (more) return;
            if (_quiet)
            {
                lock (_gate) Strays++;
                return;
            }
            var reader = new MsgpackReader(bytes, start, count);
            Dictionary<string, object> map = reader.ReadMap();
            object id = null;
            if (map != null) map.TryGetValue("id", out id);
            lock (_gate)
            {
                // Bounded: a peer that floods replies must not fill the memory of a stalled game.
                if (!(id is long) || !_waiting.ContainsKey((long)id) || _received.Count >= MaxPending) Strays++;
                else _received.Enqueue(new Received { Id = (long)id, Body = map, Time = _clock() });
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
