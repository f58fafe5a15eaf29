using System;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>State of a launcher.</summary>
    public enum LaunchState
    {
        /// <summary>Not started.</summary>
        Idle,

        /// <summary>Looking for a running sidecar.</summary>
        Looking,

        /// <summary>A running one was found; it is not ended. If it ends, the launcher looks again.</summary>
        Found,

        /// <summary>None runs; starting one.</summary>
        Starting,

        /// <summary>The started one replies.</summary>
        Started,

        /// <summary>There is none; the reason gives the cause.</summary>
        Failed,
    }

    /// <summary>A UnityEvent with a launcher's state and its reason.</summary>
    [Serializable]
    public sealed class LaunchEvent : UnityEvent<LaunchState, string> { }
}
