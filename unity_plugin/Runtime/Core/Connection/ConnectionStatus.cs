using System;

namespace Sentio
{
    /// <summary>How a client stands with its sidecar, judged in each frame and said in a line for a person.</summary>
    /// <remarks>Words are made only when something changed: a frame in which nothing did allocates nothing.</remarks>
    internal sealed class ConnectionStatus
    {
        private readonly ClientOptions _options;
        private LinkReport _last = LinkReport.None;
        private long _version;
        private double _upSince = double.NegativeInfinity;

        /// <summary>For a client with such options.</summary>
        public ConnectionStatus(ClientOptions options)
        {
            _options = options;
            Reason = "";
        }

        /// <summary>How it stands.</summary>
        public LinkState State { get; private set; }

        /// <summary>Why, in one line.</summary>
        public string Reason { get; private set; }

        /// <summary>Judges at <paramref name="now"/>; true where it is news.</summary>
        public bool Update(double now, LinkReport report, StateMailbox mailbox)
        {
            bool changed = report != _last;
            if (changed && report.IsUp) _upSince = now;
            long version = mailbox.OtherVersion;
            bool versionChanged = version != _version;
            _last = report;
            _version = version;
            if (version != 0) return versionChanged && Set(LinkState.Refused, Reasons.Version(version));
            if (report.IsUp) return UpdateOpen(now, mailbox);
            if (report.Code.Length > 0)
            {
                if (!changed && !versionChanged) return false;
                LinkState state = Reasons.IsRefusal(report.Code) ? LinkState.Refused : report.Ups > 0 ? LinkState.Lost : LinkState.Connecting;
                return Set(state, Reasons.Link(report.Code, report.Detail, _options.Where, _options.Token.Length > 0));
            }
            return State == LinkState.Off && Set(LinkState.Connecting, "looking for the sidecar at " + _options.Where);
        }

        /// <summary>The client was stopped.</summary>
        public bool End() { return Set(LinkState.Off, "stopped"); }

        private bool UpdateOpen(double now, StateMailbox mailbox)
        {
            double heard = mailbox.Heard;
            if (now - heard < Client.SilentAfter) return State != LinkState.Live && Set(LinkState.Live, "connected to " + _options.Where);
            if (State == LinkState.Silent || now - Math.Max(_upSince, heard) <= Client.SilentAfter) return false;
            string whose = mailbox.Subject.Length > 0 ? " of '" + mailbox.Subject + "'" : "";
            return Set(LinkState.Silent, "connected to " + _options.Where + ", but it sends no state" + whose);
        }

        private bool Set(LinkState state, string reason)
        {
            if (state == State && reason == Reason) return false;
            State = state;
            Reason = reason;
            return true;
        }
    }
}
