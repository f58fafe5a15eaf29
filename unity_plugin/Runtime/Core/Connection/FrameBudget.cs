using System;

namespace Sentio
{
    /// <summary>Microseconds that one rendered frame of the game may spend on messages.</summary>
    /// <remarks>What is left waits for the next frames, in bounded queues. Each frame does at least one step, so that a
    /// slow machine gets on too.</remarks>
    internal sealed class FrameBudget
    {
        /// <summary>Microseconds of a frame; a tenth of one at 120 Hz.</summary>
        public const double Usual = 800;

        private readonly Func<double> _clock;
        private double _ends;

        /// <summary>Reads seconds from a clock.</summary>
        public FrameBudget(Func<double> clock) { _clock = clock; }

        /// <summary>Microseconds of a frame.</summary>
        public double Microseconds = Usual;

        /// <summary>Frames that ended with messages left.</summary>
        public int FullFrames { get; private set; }

        /// <summary>Begins a frame.</summary>
        public void Begin() { _ends = _clock() + 1e-6 * Microseconds; }

        /// <summary>Whether the frame has spent its time.</summary>
        public bool IsSpent { get { return _clock() >= _ends; } }

        /// <summary>Counts this frame if anything is left to do.</summary>
        public void Finish(bool left) { if (left) FullFrames++; }
    }
}
