namespace Sentio
{
    /// <summary>How patient a link is, in seconds.</summary>
    internal sealed class LinkLimits
    {
        /// <summary>A connection that has not greeted by then is given up (PROTOCOL.md, section 1).</summary>
        public double HandshakeTimeout = 3.0;

        /// <summary>A peer that was silent for so long is asked whether it is there.</summary>
        public double PingAfter = 1.0;

        /// <summary>A peer that was silent for so long, though asked, is lost.</summary>
        public double SilenceLimit = 3.0;

        /// <summary>The wait before the second try to connect; doubles from there.</summary>
        public double FirstWait = 0.1;

        /// <summary>The longest wait: a restarted sidecar is found within a second.</summary>
        public double LongestWait = 0.8;
    }
}
