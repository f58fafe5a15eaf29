using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>The reply to one request: complete now, or when <see cref="Settled"/> is raised.</summary>
    public sealed class SentioReply
    {
        /// <summary>The requested operation.</summary>
        public readonly string Op;

        /// <summary>Whether the reply is complete.</summary>
        public bool Done { get; private set; }

        /// <summary>Whether the request succeeded.</summary>
        public bool Ok { get; private set; }

        /// <summary>The reply's map (PROTOCOL.md, section 6); null if the request failed.</summary>
        public Dictionary<string, object> Body { get; private set; }

        /// <summary>Why the request failed; null if it did not.</summary>
        public SentioError Error { get; private set; }

        /// <summary>Raised on the thread that drains the client, when the reply is complete.</summary>
        public event Action<SentioReply> Settled;

        internal double Sent, Received;

        internal SentioReply(string op) { Op = op; }

        /// <summary>A reply that failed in the client.</summary>
        public static SentioReply Refused(string op, SentioError error)
        {
            var reply = new SentioReply(op);
            reply.Settle(null, error);
            return reply;
        }

        /// <summary>Calls <paramref name="handler"/> with the reply: now if it is complete, else when it is.</summary>
        public void Then(Action<SentioReply> handler)
        {
            if (Done) handler(this);
            else Settled += handler;
        }

        internal void Settle(Dictionary<string, object> body, SentioError error)
        {
            if (Done) return;
            object ok = null;
            Done = true;
            Ok = error == null && body != null && body.TryGetValue("ok", out ok) && ok is bool && (bool)ok;
            Body = Ok ? body : null;
            object failure = null;
            if (!Ok && error == null && body != null) body.TryGetValue("error", out failure);
            Error = Ok ? null : error ?? SentioError.FromMap(failure);
            Action<SentioReply> settled = Settled;
            if (settled != null) settled(this);
        }
    }
}
