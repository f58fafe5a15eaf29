namespace Sentio
{
    /// <summary>How a feed stands with its origin.</summary>
    public enum LinkState
    {
        /// <summary>Not started.</summary>
        Off,

        /// <summary>Looking for the sidecar.</summary>
        Connecting,

        /// <summary>States arrive.</summary>
        Live,

        /// <summary>Connected, and nothing arrives.</summary>
        Silent,

        /// <summary>It was there, and has gone.</summary>
        Lost,

        /// <summary>It will not have us, or we not it: another version, a token.</summary>
        Refused,
    }

    /// <summary>Says in a person's words why the sidecar cannot be heard, and what to do.</summary>
    public static class Reasons
    {
        /// <summary>Why a link failed.</summary>
        public static string Of(string code, string detail, string where, bool token)
        {
            switch (code)
            {
                case "unreachable": return "sidecar not running at " + where + ": start it with 'sentio run'";
                case "lost":
                case "silent":
                case "slow": return "the sidecar at " + where + " has gone; trying again";
                case "mechanism": return Mechanism(detail, token);
                case "refused": return "token refused: set the one of the sidecar's configuration ([sidecar] token)";
                case "timeout":
                case "hung_up":
                    return "no greeting from " + where + (token ? ": is the token right, and is it a sidecar?" : ": is it a sidecar?");
                case "signature":
                case "socket_type": return "something else listens at " + where + ": check host and ports";
                case "version": return "the peer at " + where + " speaks an old ZeroMQ: " + detail;
                default: return "the peer at " + where + " sent what no sidecar sends (" + code + "): " + detail;
            }
        }

        /// <summary>Another major version of the protocol was met.</summary>
        public static string Version(long theirs)
        {
            return theirs > AffectReader.Version
                ? "version " + theirs + " needed, this package speaks " + AffectReader.Version + ": update the package"
                : "the sidecar speaks version " + theirs + ", this package " + AffectReader.Version
                    + ": update the sidecar (pip install -U sentio-affect)";
        }

        /// <summary>Whether trying again is in vain until somebody changes something.</summary>
        public static bool IsRefusal(string code)
        {
            return code == "mechanism" || code == "refused" || code == "version" || code == "signature" || code == "socket_type";
        }

        private static string Mechanism(string theirs, bool token)
        {
            if (theirs == "PLAIN") return "the sidecar wants a token: set it in the SentioConnection";
            if (token && theirs == "NULL") return "a token is set, but the sidecar knows none: clear it, or set it there too";
            return "the sidecar wants the mechanism " + theirs + ", which this package does not speak";
        }
    }
}
