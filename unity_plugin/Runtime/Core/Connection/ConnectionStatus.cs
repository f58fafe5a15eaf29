using System;

namespace Sentio
{
    /// <summary>How a connection stood when the background thread looked last; never changed once it is made.</summary>
    internal sealed class LinkReport
    {
        /// <summary>Before anything was tried.</summary>
        public static readonly LinkReport None = new LinkReport(false, "", "", 0);

        public readonly bool IsUp;
        public readonly string Code;
        public readonly string Detail;
        public readonly int Ups;

        private LinkReport(bool isUp, string code, string detail, int ups)
        {
            IsUp = isUp;
            Code = code;
            Detail = detail;
            Ups = ups;
        }

        /// <summary>Tells how <paramref name="link"/> stands: by this report where nothing changed, else by a new one.</summary>
        public LinkReport Of(Link link)
        {
            bool same = link.IsUp == IsUp && link.Ups == Ups && link.Code == Code;
            return same ? this : new LinkReport(link.IsUp, link.Code, link.Detail, link.Ups);
        }
    }

    /// <summary>How a client stands with its sidecar, judged in each frame and said in a line for a person.</summary>
    /// <remarks>Words are made only when something changed: a frame in which nothing did allocates nothing.</remarks>
    internal sealed class Standing
    {
        private readonly ClientOptions _options;
        private LinkReport _told = LinkReport.None;
        private long _version;
        private double _upSince = double.NegativeInfinity;

        /// <summary>For a client with such options.</summary>
        public Standing(ClientOptions options)
        {
            _options = options;
            Reason = "";
        }

        /// <summary>How it stands.</summary>
        public LinkState State { get; private set; }

        /// <summary>Why, in one line.</summary>
        public string Reason { get; private set; }

        /// <summary>Judges at <paramref name="now"/>; true where it is news.</summary>
        public bool Judge(double now, LinkReport report, Mailbox mailbox)
        {
            bool changed = report != _told;
            if (changed && report.IsUp) _upSince = now;
            long version = mailbox.OtherVersion;
            bool otherwise = version != _version;
            _told = report;
            _version = version;
            if (version != 0) return otherwise && Stand(LinkState.Refused, Reasons.Version(version));
            if (report.IsUp) return JudgeOpen(now, mailbox);
            if (report.Code.Length > 0)
            {
                if (!changed && !otherwise) return false;
                LinkState state = Reasons.IsRefusal(report.Code) ? LinkState.Refused : report.Ups > 0 ? LinkState.Lost : LinkState.Connecting;
                return Stand(state, Reasons.Of(report.Code, report.Detail, _options.Where, _options.Token.Length > 0));
            }
            return State == LinkState.Off && Stand(LinkState.Connecting, "looking for the sidecar at " + _options.Where);
        }

        /// <summary>The client was stopped.</summary>
        public bool End() { return Stand(LinkState.Off, "stopped"); }

        private bool JudgeOpen(double now, Mailbox mailbox)
        {
            double heard = mailbox.Heard;
            if (now - heard < Client.SilentAfter) return State != LinkState.Live && Stand(LinkState.Live, "connected to " + _options.Where);
            if (State == LinkState.Silent || now - Math.Max(_upSince, heard) <= Client.SilentAfter) return false;
            string whose = mailbox.Subject.Length > 0 ? " of '" + mailbox.Subject + "'" : "";
            return Stand(LinkState.Silent, "connected to " + _options.Where + ", but it sends no state" + whose);
        }

        private bool Stand(LinkState state, string reason)
        {
            if (state == State && reason == Reason) return false;
            State = state;
            Reason = reason;
            return true;
        }
    }
}
