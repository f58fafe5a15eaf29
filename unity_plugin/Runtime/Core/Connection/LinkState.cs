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
}
