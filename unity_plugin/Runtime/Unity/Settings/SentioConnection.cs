using UnityEngine;

namespace Sentio
{
    /// <summary>Where the sidecar is, and how patient to be with it. The defaults are the sidecar's own.</summary>
    [CreateAssetMenu(menuName = "Sentio/Connection", fileName = "SentioConnection")]
    public sealed class SentioConnection : ScriptableObject
    {
        [SerializeField, Tooltip("The sidecar's machine; it serves loopback addresses only.")]
        private string host = "127.0.0.1";

        [SerializeField, Range(1, 65535), Tooltip("Where state and events are published.")]
        private int statePort = 28700;

        [SerializeField, Range(1, 65535), Tooltip("Where requests are answered.")]
        private int controlPort = 28701;

        [SerializeField, Tooltip("The token of the sidecar's configuration. Keep it out of what you publish: set it at run time.")]
        private string token = "";

        [SerializeField, Range(0.1f, 30f), Tooltip("Seconds that a request waits for its answer.")]
        private float requestTimeout = 2f;

        [SerializeField, Range(0.1f, 10f), Tooltip("A state older than these seconds is dropped.")]
        private float oldestState = 1f;

        [Header("Patience")]
        [SerializeField, Range(0.5f, 10f), Tooltip("Seconds after which a connection that has not greeted is given up.")]
        private float handshakeTimeout = 3f;

        [SerializeField, Range(0.2f, 10f), Tooltip("Seconds after which a silent sidecar is asked whether it is there.")]
        private float pingAfter = 1f;

        [SerializeField, Range(0.5f, 30f), Tooltip("Seconds after which a sidecar that was silent, though asked, is lost.")]
        private float silenceLimit = 3f;

        [SerializeField, Range(0.1f, 10f), Tooltip("The longest wait between two tries to connect, seconds.")]
        private float longestWait = 0.8f;

        /// <summary>The sidecar's machine.</summary>
        public string Host { get { return host; } set { host = value; } }

        /// <summary>Where state and events are published.</summary>
        public int StatePort { get { return statePort; } set { statePort = value; } }

        /// <summary>Where requests are answered.</summary>
        public int ControlPort { get { return controlPort; } set { controlPort = value; } }

        /// <summary>The token; empty where the sidecar asks for none.</summary>
        public string Token { get { return token; } set { token = value ?? ""; } }

        /// <summary>What the client needs to know, for one person.</summary>
        internal ClientOptions Options(string subject)
        {
            return new ClientOptions
            {
                Host = host,
                StatePort = statePort,
                ControlPort = controlPort,
                Token = token,
                Subject = subject,
                RequestTimeout = requestTimeout,
                OldestState = oldestState,
                Limits = new LinkLimits
                {
                    HandshakeTimeout = handshakeTimeout,
                    PingAfter = pingAfter,
                    SilenceLimit = silenceLimit,
                    LongestWait = longestWait,
                },
            };
        }

        /// <summary>What is wrong with the settings, in words; empty where nothing is.</summary>
        public string Problem
        {
            get { return statePort == controlPort ? "State and requests need two different ports (28700 and 28701)." : ""; }
        }
    }
}
