using System;

namespace Sentio
{
    /// <summary>Counts of dropped and missed messages.</summary>
    public struct ClientCounters
    {
        /// <summary>States that a newer one replaced before they were taken.</summary>
        public int Superseded;

        /// <summary>States that were too old.</summary>
        public int Outdated;

        /// <summary>Events that are missing, by the gaps in their numbers, or that were dropped from a full
        /// queue.</summary>
        public int MissedEvents;

        /// <summary>Messages that do not follow the protocol.</summary>
        public int Malformed;

        /// <summary>Frames whose microseconds for messages were spent before all was taken.</summary>
        public int FullFrames;
    }

    /// <summary>The former name of <see cref="ClientCounters"/>; to be removed in the next version.</summary>
    [Obsolete("use ClientCounters")]
    public struct Counters
    {
        /// <summary>See <see cref="ClientCounters.Superseded"/>.</summary>
        public int Superseded;

        /// <summary>See <see cref="ClientCounters.Outdated"/>.</summary>
        public int Outdated;

        /// <summary>See <see cref="ClientCounters.MissedEvents"/>.</summary>
        public int MissedEvents;

        /// <summary>See <see cref="ClientCounters.Malformed"/>.</summary>
        public int Malformed;

        /// <summary>Converts to the former type.</summary>
        public static implicit operator Counters(ClientCounters counters)
        {
            return new Counters
            {
                Superseded = counters.Superseded,
                Outdated = counters.Outdated,
                MissedEvents = counters.MissedEvents,
                Malformed = counters.Malformed,
            };
        }
    }
}
