using System;

namespace Sentio.Behaviour
{
    /// <summary>State of the pacing.</summary>
    public enum PacingState
    {
        /// <summary>Pressure grows towards a peak.</summary>
        BuildUp,

        /// <summary>Full pressure, for some seconds.</summary>
        Peak,

        /// <summary>Little pressure.</summary>
        Fade,

        /// <summary>No pressure.</summary>
        Relax,
    }

    /// <summary>Paces a game through build-up, peak, fade and relax by estimated intensity.</summary>
    /// <remarks>After Booth's AI Director (2009): it changes how often things happen, not how hard they are.
    /// Performance alone is enough: without confident affect the game is still paced.</remarks>
    public sealed class Pacing
    {
        /// <summary>Weight of affect against performance, 0..1, at full confidence.</summary>
        public double Share = 0.5;

        /// <summary>Time constant of the intensity.</summary>
        public double Seconds = 3.0;

        /// <summary>Intensity at which the peak is reached.</summary>
        public double PeakAt = 0.7;

        /// <summary>Intensity at which calm is reached.</summary>
        public double CalmAt = 0.35;

        /// <summary>Longest build-up, seconds.</summary>
        public double BuildUp = 60.0;

        /// <summary>Length of the peak, seconds: 3 to 5 in Booth's games.</summary>
        public double Peak = 4.0;

        /// <summary>Longest fade, seconds.</summary>
        public double Fade = 20.0;

        /// <summary>Shortest time to relax, seconds.</summary>
        public double RelaxLeast = 10.0;

        /// <summary>Longest time to relax, seconds.</summary>
        public double RelaxMost = 40.0;

        /// <summary>Whether state and intensity are held; <see cref="Enter"/> still works.</summary>
        public bool Frozen;

        /// <summary>Current state.</summary>
        public PacingState State { get; private set; }

        /// <summary>Seconds in the current state.</summary>
        public double Elapsed { get; private set; }

        /// <summary>Intensity from affect and performance, 0..1; NaN before anything is known.</summary>
        public double Intensity { get; private set; } = double.NaN;

        /// <summary>Target pressure on the player, 0..1.</summary>
        public double Pressure
        {
            get
            {
                switch (State)
                {
                    case PacingState.BuildUp: return 0.35 + 0.65 * (BuildUp > 0 ? Math.Min(1.0, Elapsed / BuildUp) : 1.0);
                    case PacingState.Peak: return 1.0;
                    case PacingState.Fade: return 0.2;
                    default: return 0.0;
                }
            }
        }

        /// <summary>Takes affect, its confidence and performance, each 0..1 or NaN, after <paramref name="dt"/>
        /// seconds.</summary>
        public PacingState Step(double dt, double affect, double confidence, double performance)
        {
            if (Frozen) return State;
            Blend(dt, affect, confidence, performance);
            Elapsed += Behaviour.Elapsed.Of(dt);
            // Comparisons with NaN are false: with unknown intensity only time changes the state.
            bool high = Intensity >= PeakAt;
            bool calm = Intensity <= CalmAt;
            if (State == PacingState.BuildUp && (high || Elapsed >= BuildUp)) Enter(PacingState.Peak);
            else if (State == PacingState.Peak && Elapsed >= Peak) Enter(PacingState.Fade);
            else if (State == PacingState.Fade && (calm || Elapsed >= Fade)) Enter(PacingState.Relax);
            else if (State == PacingState.Relax && Elapsed >= RelaxLeast && (calm || Elapsed >= RelaxMost))
                Enter(PacingState.BuildUp);
            return State;
        }

        /// <summary>Enters <paramref name="next"/> now: the manual override.</summary>
        public void Enter(PacingState next)
        {
            State = next;
            Elapsed = 0;
        }

        private void Blend(double dt, double affect, double confidence, double performance)
        {
            double weight = 0, other = 0;
            if (Behaviour.Elapsed.IsFinite(affect) && Behaviour.Elapsed.IsFinite(confidence)) weight = Share * Behaviour.Elapsed.Clamp(confidence, 0, 1);
            if (Behaviour.Elapsed.IsFinite(performance)) other = 1 - Share;
            if (weight + other <= 0) return;
            double felt = weight > 0 ? weight * Behaviour.Elapsed.Clamp(affect, 0, 1) : 0;
            if (other > 0) felt += other * Behaviour.Elapsed.Clamp(performance, 0, 1);
            felt /= weight + other;
            Intensity = double.IsNaN(Intensity) ? felt : Intensity + (felt - Intensity) * Behaviour.Elapsed.Share(dt, Seconds);
        }
    }
}
