using System;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Connects the field with the director: reports performance and reads the demand.</summary>
    /// <remarks>With adaptation off, or without known affect, the game's performance alone drives the states.</remarks>
    public sealed class EmberPacing
    {
        /// <summary>Smallest intensity: an empty field is dull.</summary>
        public const float Least = 0.2f;

        private const float Crowd = 14f;
        private const float HurtHalf = 4f;
        // Highest intensity at the beginning of a night, and seconds until it may be full: the director knows the
        // player only after some seconds.
        private const float Opening = 0.3f;
        private const float OpeningSeconds = 15f;

        private static readonly string[] Phases = { "the shades gather", "hold on", "they falter", "breathe" };
        private static readonly string[] StateNames = { "build-up", "peak", "fade", "relax" };

        private PacingState _state = PacingState.BuildUp;
        private float _hurt, _played;

        /// <summary>For the demo's director, with the settings of a night of about three minutes.</summary>
        public EmberPacing(SentioDirector director)
        {
            Director = director;
            director.What = "spawn_demand";
            // Stronger than usual: a visitor should feel it within a minute.
            director.Settings.Authority = 0.45f;
            director.Settings.Kp = 2;
            director.Settings.BuildUp = 36;
            director.Settings.Peak = 9;
            director.Settings.Fade = 7;
            director.Settings.RelaxLeast = 4;
            director.Settings.RelaxMost = 7;
            director.PacingChanged += Change;
        }

        /// <summary>A peak is over and the lantern is alight.</summary>
        public event Action Outlived;

        /// <summary>A peak begins.</summary>
        public event Action Peaked;

        /// <summary>Derives the demand from affect and performance.</summary>
        public SentioDirector Director { get; private set; }

        /// <summary>Intensity of shades, light and music, 0..1.</summary>
        public float Intensity { get; private set; } = Least;

        /// <summary>Text for the player.</summary>
        public string Phase { get { return Phases[(int)Director.State]; } }

        /// <summary>Name of a state in recordings, as in Godot.</summary>
        public static string NameOf(PacingState state) { return StateNames[(int)state]; }

        /// <summary>Advances by some seconds with a number of shades.</summary>
        public void Advance(float seconds, int foes)
        {
            _hurt *= Mathf.Pow(0.5f, seconds / HurtHalf);
            Director.SetPerformance("crowd", 0.8f * foes / Crowd + _hurt);
            _played += seconds;
            float most = Mathf.Lerp(Opening, 1, Mathf.Min(_played / OpeningSeconds, 1));
            Intensity = Mathf.Clamp(Director.Demand, Least, most);
        }

        /// <summary>The lantern took damage.</summary>
        public void HeroHurt() { _hurt = Mathf.Min(_hurt + 0.35f, 1); }

        /// <summary>Restarts at low intensity.</summary>
        public void Begin()
        {
            Director.Enter(PacingState.BuildUp);
            _hurt = _played = 0;
        }

        private void Change(PacingState state)
        {
            PacingState before = _state;
            _state = state;
            if (state == PacingState.Peak && Peaked != null) Peaked();
            if (before == PacingState.Peak && state == PacingState.Fade && Outlived != null) Outlived();
        }
    }
}
