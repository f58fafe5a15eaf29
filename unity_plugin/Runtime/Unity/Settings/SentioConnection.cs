using UnityEngine;

namespace Sentio
{
    /// <summary>Address of the sidecar, and time limits. The defaults match the sidecar's.</summary>
    [CreateAssetMenu(menuName = "Sentio/Connection", fileName = "SentioConnection")]
    public sealed class SentioConnection : ScriptableObject
    {
        [SerializeField, Tooltip("The sidecar's host; it serves loopback addresses only.")]
        private string host = "127.0.0.1";

        [SerializeField, Range(1, 65535), Tooltip("Port of states and events.")]
        private int statePort = 28700;

        [SerializeField, Range(1, 65535), Tooltip("Port of requests.")]
        private int controlPort = 28701;

        [SerializeField, Tooltip("The token of the sidecar's configuration. Do not publish it: set it at run time.")]
        private string token = "";

        [SerializeField, Range(0.1f, 30f), Tooltip("Time limit of a request in seconds.")]
        private float requestTimeout = 2f;

        [SerializeField, Range(0.1f, 10f), Tooltip("States older than this, in seconds, are dropped.")]
        private float oldestState = 1f;

        [Header("Time limits")]
        [SerializeField, Range(0.5f, 10f), Tooltip("Time limit of the handshake in seconds.")]
        private float handshakeTimeout = 3f;

        [SerializeField, Range(0.2f, 10f), Tooltip("Seconds without traffic after which a sidecar gets a PING.")]
        private float pingAfter = 1f;

        [SerializeField, Range(0.5f, 60f), Tooltip("Seconds without traffic, despite a PING, after which a sidecar is dropped; "
            + "events that it sends until the next connection are missed.")]
        private float silenceLimit = 20f;

        [SerializeField, Range(0.1f, 10f), Tooltip("Longest delay between two attempts to connect, seconds.")]
        private float longestWait = 0.8f;

        /// <summary>The sidecar's host.</summary>
        public string Host { get { return host; } set { host = value; } }

        /// <summary>Port of states and events.</summary>
        public int StatePort { get { return statePort; } set { statePort = value; } }

        /// <summary>Port of requests.</summary>
        public int ControlPort { get { return controlPort; } set { controlPort = value; } }

        /// <summary>A token of the sidecar's configuration; empty for the one of this game's launcher, or of the user's
        /// token file.</summary>
        public string Token { get { return token; } set { token = value ?? ""; } }

        /// <summary>The client's options for one subject.</summary>
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

        /// <summary>What is wrong with the settings; empty if nothing is.</summary>
        public string Problem
        {
            get { return statePort == controlPort ? "States and requests need two different ports (28700 and 28701)." : ""; }
        }
    }
}
