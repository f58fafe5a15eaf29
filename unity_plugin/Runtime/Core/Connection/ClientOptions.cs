namespace Sentio
{
    /// <summary>Address of the sidecar, and time limits. The defaults match the sidecar's.</summary>
    internal sealed class ClientOptions
    {
        /// <summary>The sidecar's host; it serves loopback addresses only.</summary>
        public string Host = "127.0.0.1";

        /// <summary>Port of states and events.</summary>
        public int StatePort = 28700;

        /// <summary>Port of requests.</summary>
        public int ControlPort = 28701;

        /// <summary>A token of the sidecar's configuration; empty for the one of this game's launcher, or of the user's
        /// token file.</summary>
        public string Token = "";

        /// <summary>The token of a sidecar that this game has started.</summary>
        public LaunchToken Launched = new LaunchToken();

        /// <summary>The subject that is followed; empty follows the first one received.</summary>
        public string Subject = "";

        /// <summary>Time limit of a request in seconds.</summary>
        public double RequestTimeout = 2.0;

        /// <summary>States older than this, in seconds, are dropped.</summary>
        public double OldestState = 1.0;

        /// <summary>Time limits of the two connections.</summary>
        public LinkLimits Limits = new LinkLimits();

        /// <summary>The address of the state socket, for messages.</summary>
        public string Address { get { return Host + ":" + StatePort; } }
    }
}
