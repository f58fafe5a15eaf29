using System;
using Sentio.Behaviour;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A value that a rail held back: steps of one kind that follow each other are one note.</summary>
    public sealed class RailNote
    {
        internal RailNote(string what, string rail)
        {
            What = what;
            Rail = rail;
        }

        /// <summary>Which value.</summary>
        public string What { get; private set; }

        /// <summary>What was asked for last.</summary>
        public double Requested { get; internal set; }

        /// <summary>What was given last.</summary>
        public double Given { get; internal set; }

        /// <summary>Which rail: clamp, slew, frozen, safe_stop, session_over, not_finite or flash.</summary>
        public string Rail { get; private set; }

        /// <summary>How many steps.</summary>
        public int Count { get; internal set; }
    }

    /// <summary>The rails' names in signals, audits and recordings.</summary>
    public static class RailNames
    {
        /// <summary>A flash too many was held back.</summary>
        public const string Flash = "flash";

        /// <summary>The name of a rail; empty where none held.</summary>
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

    /// <summary>A UnityEvent with a yes or no.</summary>
    [Serializable]
    public sealed class FlagEvent : UnityEvent<bool> { }
}
