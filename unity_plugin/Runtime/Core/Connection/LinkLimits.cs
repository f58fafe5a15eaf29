namespace Sentio
{
    /// <summary>Time limits of a link, in seconds.</summary>
    internal sealed class LinkLimits
    {
        /// <summary>Time limit of the handshake (PROTOCOL.md, section 1).</summary>
        public double HandshakeTimeout = 3.0;

        /// <summary>A peer without traffic for this time gets a PING.</summary>
        public double PingAfter = 1.0;

        /// <summary>A peer without traffic for this time, despite a PING, is dropped. A busy or stopped sidecar keeps its
        /// connection, because events that it sends during a reconnection are lost.</summary>
        public double SilenceLimit = 20.0;

        /// <summary>Delay before the second attempt to connect; doubles from there.</summary>
        public double FirstWait = 0.1;

        /// <summary>Longest delay: a restarted sidecar is found within a second.</summary>
        public double LongestWait = 0.8;
    }
}
