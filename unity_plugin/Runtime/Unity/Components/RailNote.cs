using System;
using Sentio.Behaviour;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Audit entry of a limited value; consecutive steps of one kind are one entry.</summary>
    public sealed class RailNote
    {
        internal RailNote(string what, string rail)
        {
            What = what;
            Rail = rail;
        }

        /// <summary>Name of the value.</summary>
        public string What { get; private set; }

        /// <summary>The last request.</summary>
        public double Requested { get; internal set; }

        /// <summary>The last given value.</summary>
        public double Given { get; internal set; }

        /// <summary>Which rail: clamp, slew, frozen, safe_stop, session_over, not_finite or flash.</summary>
        public string Rail { get; private set; }

        /// <summary>Number of steps.</summary>
        public int Count { get; internal set; }
    }

    /// <summary>Names of the rails in events, audits and recordings.</summary>
    public static class RailNames
    {
        /// <summary>Flashing was limited.</summary>
        public const string Flash = "flash";

        /// <summary>Name of a rail; empty for none.</summary>
        public static string Of(Rail rail)
        {
            switch (rail)
            {
                case Rail.Clamp: return "clamp";
                case Rail.Slew: return "slew";
                case Rail.Frozen: return "frozen";
                case Rail.SafeStop: return "safe_stop";
                case Rail.SessionOver: return "session_over";
                case Rail.NotFinite: return "not_finite";
                default: return "";
            }
        }
    }

    /// <summary>A UnityEvent with a line of text.</summary>
    [Serializable]
    public sealed class TextEvent : UnityEvent<string> { }

    /// <summary>A UnityEvent with a boolean.</summary>
    [Serializable]
    public sealed class FlagEvent : UnityEvent<bool> { }
}
