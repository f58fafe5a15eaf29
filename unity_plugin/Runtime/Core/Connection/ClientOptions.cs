namespace Sentio
{
    /// <summary>Where the sidecar is, and how patient to be with it. The defaults are the sidecar's own.</summary>
    internal sealed class ClientOptions
    {
        /// <summary>The sidecar's machine; it serves loopback addresses only.</summary>
        public string Host = "127.0.0.1";

        /// <summary>Where state and events are published.</summary>
        public int StatePort = 28700;

        /// <summary>Where requests are answered.</summary>
        public int ControlPort = 28701;

        /// <summary>The token of the sidecar's configuration; empty where it asks for none.</summary>
        public string Token = "";

        /// <summary>Whose state is followed; empty follows the first person that is heard of.</summary>
        public string Subject = "";

        /// <summary>How long a request waits for its answer, seconds.</summary>
        public double RequestTimeout = 2.0;

        /// <summary>A state older than this, seconds, is dropped: it tells of a person some moments ago.</summary>
        public double OldestState = 1.0;

        /// <summary>Patience of the two connections.</summary>
        public LinkLimits Limits = new LinkLimits();

        /// <summary>The address of the state socket, for a person.</summary>
        public string Where { get { return Host + ":" + StatePort; } }
    }
}
