using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>The answer to one request: known now, or once <see cref="Settled"/> was raised.</summary>
    public sealed class SentioReply
    {
        /// <summary>The operation that was asked for.</summary>
        public readonly string Op;

        /// <summary>Whether the answer is there.</summary>
        public bool Done { get; private set; }

        /// <summary>Whether the sidecar did it.</summary>
        public bool Ok { get; private set; }

        /// <summary>What the sidecar said, by the names of PROTOCOL.md, section 6; null where it did not.</summary>
        public Dictionary<string, object> Body { get; private set; }

        /// <summary>Why it was not done; null where it was.</summary>
        public SentioError Error { get; private set; }

        /// <summary>Raised on the thread that drains the client, when the answer is there.</summary>
        public event Action<SentioReply> Settled;

        internal double Asked, Heard;

        internal SentioReply(string op) { Op = op; }

        /// <summary>A reply that was refused on this side.</summary>
        public static SentioReply Refused(string op, SentioError error)
        {
            var reply = new SentioReply(op);
            reply.Settle(null, error);
            return reply;
        }

        /// <summary>Calls <paramref name="told"/> with the answer: now where it is there, else once it is.</summary>
        public void Then(Action<SentioReply> told)
        {
            if (Done) told(this);
            else Settled += told;
        }

        internal void Settle(Dictionary<string, object> body, SentioError error)
        {
            if (Done) return;
            object ok = null;
            Done = true;
            Ok = error == null && body != null && body.TryGetValue("ok", out ok) && ok is bool && (bool)ok;
            Body = Ok ? body : null;
            object told = null;
            if (!Ok && error == null && body != null) body.TryGetValue("error", out told);
            Error = Ok ? null : error ?? SentioError.FromMap(told);
            Action<SentioReply> settled = Settled;
            if (settled != null) settled(this);
        }
    }
}
