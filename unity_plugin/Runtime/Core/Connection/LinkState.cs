namespace Sentio
{
    /// <summary>State of a feed's connection to its source.</summary>
    public enum LinkState
    {
        /// <summary>Not started.</summary>
        Off,

        /// <summary>Connecting to the sidecar.</summary>
        Connecting,

        /// <summary>States arrive.</summary>
        Live,

        /// <summary>Connected, but no state arrives.</summary>
        Silent,

        /// <summary>The connection was lost; reconnecting.</summary>
        Lost,

        /// <summary>Refused, for example because of the version or the token; see the reason.</summary>
        Refused,
    }
}
