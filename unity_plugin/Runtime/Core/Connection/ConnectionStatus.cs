using System;

namespace Sentio
{
    /// <summary>Connection status of a client: link state and reason, updated in each frame.</summary>
    /// <remarks>Texts are built only when something changes; a frame without changes allocates nothing.</remarks>
    internal sealed class ConnectionStatus
    {
        private readonly ClientOptions _options;
        private LinkReport _last = LinkReport.None;
        private long _version;
        private double _upSince = double.NegativeInfinity;

        /// <summary>For a client with <paramref name="options"/>.</summary>
        public ConnectionStatus(ClientOptions options)
        {
            _options = options;
            Reason = "";
        }

        /// <summary>The link state.</summary>
        public LinkState State { get; private set; }

        /// <summary>The reason, in one line.</summary>
        public string Reason { get; private set; }

        /// <summary>Updates at <paramref name="now"/>; true if state or reason changed.</summary>
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
                // Where a sidecar was connected before, one that completes no handshake is stopped or busy.
                string code = report.Code == "timeout" && report.Ups > 0 ? "silent" : report.Code;
                return Set(state, Reasons.Link(code, report.Detail, _options.Address, _options.Token.Length > 0));
            }
            return State == LinkState.Off && Set(LinkState.Connecting, "looking for the sidecar at " + _options.Address);
        }

        /// <summary>The client was stopped.</summary>
        public bool End() { return Set(LinkState.Off, "stopped"); }

        private bool UpdateOpen(double now, StateMailbox mailbox)
        {
            double received = mailbox.Received;
            if (now - received < Client.SilentAfter) return State != LinkState.Live && Set(LinkState.Live, "connected to " + _options.Address);
            if (State == LinkState.Silent || now - Math.Max(_upSince, received) <= Client.SilentAfter) return false;
            string whose = mailbox.Subject.Length > 0 ? " of '" + mailbox.Subject + "'" : "";
            return Set(LinkState.Silent, "connected to " + _options.Address + ", but it sends no state" + whose);
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
