using System;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Serialization;

namespace Sentio
{
    /// <summary>Comfort limits for a headset: no forced turning, slow moving, steady light, always a way out.</summary>
    /// <remarks>Pass what the game wants through <see cref="Move"/>, <see cref="Vignette"/> and <see cref="Brightness"/>,
    /// in each frame with <c>Time.unscaledDeltaTime</c>: it acts in real time, whatever the game's speed.</remarks>
    [AddComponentMenu("Sentio/Sentio Comfort")]
    public sealed class SentioComfort : MonoBehaviour
    {
        [SerializeField, Range(0f, 5f), Tooltip("Largest speed at which the game may move the player, m/s; 0 forbids it.")]
        private float speed = 1.4f;

        [SerializeField, Range(0.1f, 20f), Tooltip("Largest change of that speed, m/s per second.")]
        private float acceleration = 2f;

        [SerializeField, Range(0.1f, 10f), Tooltip("Largest rise of the vignette per second.")]
        private float vignetteRise = 1.5f;

        [SerializeField, Range(0.05f, 10f), Tooltip("Largest fall of the vignette per second.")]
        private float vignetteFall = 0.5f;

        [SerializeField, Range(0.05f, 5f), Tooltip("Largest change of an eye's brightness per second, as a share of the largest.")]
        private float lightChange = 0.5f;

        [SerializeField, FormerlySerializedAs("betweenEyes"), Range(0f, 0.5f), Tooltip("Largest difference of the two eyes' brightness.")]
        private float maxEyeDifference = 0.05f;

        [SerializeField, Range(0.2f, 3f), Tooltip("Seconds for which the way out is held.")]
        private float exitSeconds = 1f;

        private readonly double[] _eyes = { double.NaN, double.NaN };
        private readonly FlashGuard[] _guards = { new FlashGuard(), new FlashGuard() };
        private Vector3 _velocity;
        private bool _done;

        /// <summary>The way out was held: leave the scene now.</summary>
        public event Action ExitRequested;

        /// <summary>The former name of <see cref="ExitRequested"/>; to be removed in the next version.</summary>
        [Obsolete("use ExitRequested")]
        public event Action Left { add { ExitRequested += value; } remove { ExitRequested -= value; } }

        /// <summary>Largest speed at which the game may move the player, m/s.</summary>
        public float Speed { get { return speed; } set { speed = value; } }

        /// <summary>Largest change of that speed, m/s per second.</summary>
        public float Acceleration { get { return acceleration; } set { acceleration = value; } }

        /// <summary>Largest rise of the vignette per second.</summary>
        public float VignetteRise { get { return vignetteRise; } set { vignetteRise = value; } }

        /// <summary>Largest fall of the vignette per second.</summary>
        public float VignetteFall { get { return vignetteFall; } set { vignetteFall = value; } }

        /// <summary>Largest change of an eye's brightness per second.</summary>
        public float LightChange { get { return lightChange; } set { lightChange = value; } }

        /// <summary>Largest difference of the two eyes' brightness.</summary>
        public float MaxEyeDifference { get { return maxEyeDifference; } set { maxEyeDifference = value; } }

        /// <summary>The former name of <see cref="MaxEyeDifference"/>; to be removed in the next version.</summary>
        [Obsolete("use MaxEyeDifference")]
        public float BetweenEyes { get { return MaxEyeDifference; } set { MaxEyeDifference = value; } }

        /// <summary>Seconds for which the way out is held.</summary>
        public float ExitSeconds { get { return exitSeconds; } set { exitSeconds = value; } }

        /// <summary>How far the way out has been held, 0..1.</summary>
        public float ExitProgress { get; private set; }

        /// <summary>The former name of <see cref="ExitProgress"/>; to be removed in the next version.</summary>
        [Obsolete("use ExitProgress")]
        public float Exiting { get { return ExitProgress; } }

        /// <summary>The vignette now, 0..1.</summary>
        public float Shade { get; private set; }

        /// <summary>Where the player's rig may be, some seconds after <paramref name="now"/>. Take only the place: the game
        /// never turns, tilts or shakes the player.</summary>
        public Vector3 Move(Vector3 now, Vector3 wanted, float seconds)
        {
            float time = (float)Elapsed.Of(seconds);
            if (time <= 0f) return now;
            Vector3 target = (wanted - now) / time;
            if (target.magnitude > speed) target = target.normalized * speed;
            _velocity = Vector3.MoveTowards(_velocity, target, acceleration * time);
            Vector3 step = _velocity * time;
            if (step.magnitude <= Vector3.Distance(now, wanted)) return now + step;
            _velocity = Vector3.zero;
            return wanted;
        }

        /// <summary>A heading without pitch and roll, degrees: the horizon stays.</summary>
        public static Vector3 Upright(Vector3 eulerAngles) { return new Vector3(0f, eulerAngles.y, 0f); }

        /// <summary>The strength of the vignette to show, 0..1.</summary>
        public float Vignette(float wanted, float seconds)
        {
            float time = (float)Elapsed.Of(seconds);
            float target = Elapsed.IsFinite(wanted) ? Mathf.Clamp01(wanted) : Shade;
            float most = (target > Shade ? vignetteRise : vignetteFall) * time;
            Shade = Mathf.Clamp(target, Shade - most, Shade + most);
            return Shade;
        }

        /// <summary>Brightness to show in an eye, 0 left or 1 right: slow, without flashes, and nearly the same as in the
        /// other eye.</summary>
        public float Brightness(int eye, float wanted, float seconds)
        {
            double time = Elapsed.Of(seconds), before = _eyes[eye];
            double target = Elapsed.IsFinite(wanted) ? Elapsed.Clamp(wanted, 0, 1) : before;
            if (double.IsNaN(before)) before = target = double.IsNaN(target) ? 0 : target;
            double given = Elapsed.Clamp(target, before - lightChange * time, before + lightChange * time);
            double other = _eyes[1 - eye];
            if (Elapsed.IsFinite(other)) given = Elapsed.Clamp(given, other - maxEyeDifference, other + maxEyeDifference);
            _eyes[eye] = Elapsed.Clamp(_guards[eye].Step(time, given), 0, 1);
            return (float)_eyes[eye];
        }

        /// <summary>Takes whether the button of the way out is held; raises <see cref="ExitRequested"/> once. No freeze, pause or
        /// stop disables it.</summary>
        public void HoldExit(bool pressed, float seconds)
        {
            ExitProgress = pressed ? Mathf.Clamp01(ExitProgress + (float)Elapsed.Of(seconds) / exitSeconds) : 0f;
            if (!pressed) _done = false;
            else if (ExitProgress >= 1f && !_done)
            {
                _done = true;
                if (ExitRequested != null) ExitRequested();
            }
        }
    }
}
