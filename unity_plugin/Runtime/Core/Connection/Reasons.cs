namespace Sentio
{
    /// <summary>Texts for failed connections, with what to do.</summary>
    internal static class Reasons
    {
        /// <summary>Why a link failed.</summary>
        public static string Link(string code, string detail, string where, bool token)
        {
            switch (code)
            {
                case "unreachable": return "sidecar not running at " + where + ": start it with 'sentio run'";
                case "silent": return "the sidecar at " + where + " does not respond; trying again";
                case "lost":
                case "slow": return "the sidecar at " + where + " is gone; trying again";
                case "mechanism": return Mechanism(detail, token);
                case "refused": return "token refused: set that of the sidecar's configuration, or start the sidecar as the same user";
                case "timeout":
                case "hung_up":
                    return "no handshake with " + where + (token ? ": is the token right, and is it a sidecar?" : ": is it a sidecar?");
                case "signature":
                case "socket_type": return "another program listens at " + where + ": check host and ports";
                case "version": return "the peer at " + where + " uses an old version of ZeroMQ: " + detail;
                default: return "the peer at " + where + " is not a sidecar (" + code + "): " + detail;
            }
        }

        /// <summary>The sidecar uses another major version of the protocol.</summary>
        public static string Version(long found)
        {
            return found > Wire.Version
                ? "version " + found + " needed, this package has " + Wire.Version + ": update the package"
                : "the sidecar has version " + found + ", this package " + Wire.Version
                    + ": update the sidecar (pip install -U sentio-affect)";
        }

        /// <summary>Whether a retry cannot succeed until the configuration changes.</summary>
        public static bool IsRefusal(string code)
        {
            return code == "mechanism" || code == "refused" || code == "version" || code == "signature" || code == "socket_type";
        }

        private static string Mechanism(string found, bool token)
        {
            if (found == "PLAIN") return "the sidecar requires a token: set it in the SentioConnection";
            if (token && found == "NULL") return "a token is set, but the sidecar has none: clear it, or set it there too";
            return "the sidecar requires the mechanism " + found + ", which this package does not support";
        }
    }
}
