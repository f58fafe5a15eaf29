namespace Sentio.Simulation
{
    /// <summary>Values that scenarios and sliders set.</summary>
    internal enum Level
    {
        /// <summary>-1..1.</summary>
        Valence,

        /// <summary>-1..1.</summary>
        Arousal,

        /// <summary>-1..1.</summary>
        Dominance,

        /// <summary>0..1.</summary>
        Stress,

        /// <summary>0..1.</summary>
        Engagement,

        /// <summary>0..1.</summary>
        Relaxation,

        /// <summary>0..1.</summary>
        Focus,

        /// <summary>Beats a minute.</summary>
        HeartRate,

        /// <summary>Breaths a minute.</summary>
        BreathingRate,
    }
}
